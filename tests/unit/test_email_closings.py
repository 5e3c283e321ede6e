"""Formulas that close a letter, in many languages: they go, with the name below; words of their own stay."""

from __future__ import annotations

import pytest

from bot.channels.email.reply import written

WORDS = "The printer on floor 2 shows E-302.\n\nCould you come today?"
CLOSINGS = {
    "en": """
        With warm wishes,
        Bye for now,
        All the very best,
        Very best wishes,
        Respectfully submitted,
        B.R.
        K/R
        W/R
        Until next time,
        See you soon,
        Lots of love
        Blessings,
        God bless,
        Stay safe,
        Stay well,
        Be well,
        Happy holidays,
        Merry Christmas,
        Happy New Year!
        Season's greetings,
        Enjoy your day!
        Gratefully,
        With kind thanks and regards,
    """,
    "de": """
        Mit freundl. Grüßen
        Mit frdl. Gruß
        Mit sportlichen Grüßen
        Mit bestem Gruß
        Freundl. Grüße
        Fr. Gr.
        Vlg
        GLG
        Bis später,
        Tschüss
        Tschüß,
        Ein schönes Wochenende wünscht
        Einen schönen Abend
        Alles Gute
        Alles Liebe
        Frohe Weihnachten
        Schöne Feiertage
        Herzlich,
        Freundlichst
        Ihr
        Ihre
        Euer
        Eure
        Mit freundlichem Glückauf
        Glück auf
        Winterliche Grüße
        Mit sommerlichen Grüßen
        Mit vielem Dank und freundlichen Grüßen
    """,
    "fr": """
        Salutations cordiales
        Amitiés
        A bientôt,
        À plus
        Bàv
        Avec mes salutations
        Joyeuses fêtes
        Bonnes fêtes
        Sportivement
        Confraternellement
    """,
    "es": """
        Abrazos
        Recibe un saludo
        Le saluda atentamente
        Les saluda
        Buen fin de semana
        Hasta pronto
        Hasta luego
        Felices fiestas
        Sdos
        Bendiciones
        Respetuosamente
        Afectuosamente
    """,
    "it": """
        Cordialità
        Buon fine settimana
        Con i migliori saluti
        Un abbraccio
        In fede
        Buone feste
        Saluti cordiali
        Con osservanza
        Sinceri saluti
    """,
    "nl": """
        Grt
        M.v.g.
        Met vr. gr.
        Tot ziens
        Tot snel
        Succes
        Beste groet
        Beste groeten
        Met beste groet
        Dank en groet
        Mvrgr
        Vr. gr.
        Warme groet
        Zonnige groet
        Fijne feestdagen
        Met sportieve groet
    """,
    "pl": """
        Łączę wyrazy szacunku
        Do usłyszenia
        Do zobaczenia
        Z uszanowaniem
        Wesołych Świąt
    """,
    "sv": """
        Hälsn
        Hälsn.
        Hej då
        Hejdå
        Ha det gott
        Kram
        Kramar
        V.h.
        Tack och hej
        Hjärtliga hälsningar
        God jul
    """,
    "da": """
        Med venlige hilsener
        Hav en god dag
        M.v.h.
    """,
    "no": """
        Hjertelig hilsen
        Ha det
        Klem
    """,
    "fi": """
        Kiitos ja terveiset
        Mukavaa päivänjatkoa
        Yhteistyöterveisin
        Aurinkoisin terveisin
    """,
    "cs": """
        Srdečně
        Mějte se
        Mějte se hezky
    """,
    "sk": """
        Pekný deň
        Prajem pekný deň
        Ďakujem a prajem pekný deň
    """,
    "hu": """
        Szép napot kívánok
        Baráti üdvözlettel
        Szívélyes üdvözlettel
    """,
    "ro": """
        Cu prietenie
        Cu considerație
        O zi frumoasă
    """,
    "ru": """
        До свидания
        Удачи
    """,
    "uk": """
        Всього найкращого
        З пошаною
        До побачення
    """,
    "bg": """
        Хубав ден
        Лек ден
        Сърдечни поздрави
        Приятен ден
    """,
    "tr": """
        Saygı ve sevgilerimle
        Hoşça kalın
        Esenlikler
    """,
    "el": """
        Χαιρετισμούς
        Με σεβασμό
    """,
    "pt": """
        Grato
        Grata
        Grato,
        Sem mais para o momento
        Sem mais, atenciosamente
        Respeitosamente
        Cpts
        Bom fim de semana
        Saudações cordiais
    """,
    "hr": """
        Srdačno
        Ugodan dan
        Lijepi pozdravi
    """,
    "sl": """
        S spoštovanjem
        Lep dan
        Prijazen pozdrav
        S prijaznimi pozdravi
    """,
    "et": """
        Parimat
        Head soovides
    """,
    "lv": """
        Ar sveicieniem
        Jauku dienu
        Cieņā
        Visu labu
    """,
    "lt": """
        Su pagarba
        Geros dienos
        Linkėjimai
        Geriausi linkėjimai
    """,
    "vi": """
        Kính thư
        Thân ái
        Xin cảm ơn và trân trọng
    """,
    "id": """
        Terima kasih dan salam
    """,
    "he": """
        תודה ויום טוב
    """,
    "ar": """
        شكرا وتقدير
    """,
}
FORMULAS = [(tongue, formula.strip()) for tongue, table in CLOSINGS.items() for formula in table.strip().split("\n")]
# Each is a person's own, though it begins with a word that may close a letter.
SAID = [
    "Hi,\n\nMerry Christmas!\nThe server is down.",
    "Frohe Weihnachten!\n\nDer Drucker geht nicht.",
    "Hallo,\n\nfrohe Weihnachten,\n\nder Drucker geht nicht.",
    "Happy New Year!\n\nBob needs a laptop from Monday on.",
    "Ihr\nhabt gestern den Server neu gestartet, seitdem geht nichts.",
    "Alles Gute\nfür das neue Jahr! Der Router ist aus.",
    "Bis später,\ndann rufe ich an. Der Router ist aus.",
    "Tschüss,\nsagt der Bildschirm und geht aus.",
    "Succes\nis what the screen says.",
    "Meine Grüße\nan Tom bitte, und der Drucker geht nicht.",
    "Stay safe\nis the name of the new tool, who installs it?",
]


@pytest.mark.parametrize(("tongue", "formula"), FORMULAS)
def test_formula_goes_with_the_name_below_it(tongue: str, formula: str) -> None:
    assert written(f"{WORDS}\n\n{formula}\nAnn Client\n", author="Ann Client") == WORDS, tongue


@pytest.mark.parametrize("text", SAID)
def test_what_only_begins_like_a_formula_stays(text: str) -> None:
    assert written(text, author="Ann Client") == text
