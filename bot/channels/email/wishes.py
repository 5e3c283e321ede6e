"""Formulas that close a letter beside those of `farewells`: wishes, seasons, abbreviations, and any that are put
together from a greeting word and what kind it is of ("Mit sportlichen Grüßen", "Zonnige groet").

Tables only, lower case; how they are used stands in `signature`.
"""

from __future__ import annotations

from bot.channels.email.wordlist import words

FORMULAS = frozenset(
    words("""
    with warm wishes|all the very best|very best wishes|respectfully submitted|b.r|k/r|w/r|season's greetings|
    seasons greetings|gratefully yours|with kind thanks and regards|lots of love|
    mit freundl. grüßen|mit freundl. gruß|mit frdl. grüßen|mit frdl. gruß|freundl. grüße|freundl. gruß|frdl. grüße|
    vlg|glg|fr. gr|mit vielem dank und freundlichen grüßen|mit freundlichem glückauf|freundlichst|
    ein schönes wochenende wünscht|ein schönes wochenende wünschen|einen schönen tag wünscht|
    einen schönen abend wünscht|
    salutations cordiales|bàv|avec mes salutations|avec mes salutations distinguées|confraternellement|
    recibe un saludo|le saluda atentamente|les saluda atentamente|le saluda|les saluda|sdos|respetuosamente|
    afectuosamente|saluti cordiali|con i migliori saluti|con osservanza|sinceri saluti|in fede|cordialità|
    m.v.g|met vr. gr|mvrgr|vr. gr|dank en groet|beste groet|beste groeten|
    łączę wyrazy szacunku|z uszanowaniem|hälsn|v.h|m.v.h|tack och hej|med venlige hilsener|kiitos ja terveiset|
    yhteistyöterveisin|ďakujem a prajem pekný deň|baráti üdvözlettel|szívélyes üdvözlettel|cu prietenie|
    cu considerație|з пошаною|сърдечни поздрави|saygı ve sevgilerimle|με σεβασμό|sem mais para o momento|
    sem mais, atenciosamente|respeitosamente|cpts|saudações cordiais|lijepi pozdravi|s spoštovanjem|
    prijazen pozdrav|s prijaznimi pozdravi|ar sveicieniem|su pagarba|su geriausiais linkėjimais|
    geriausi linkėjimai|kính thư|thân ái|xin cảm ơn và trân trọng|terima kasih dan salam|תודה ויום טוב|شكرا وتقدير
""")
)
# They also begin a letter, or are words of their own: only with a name below.
WISHES = frozenset(
    words("""
    until next time|see you soon|blessings|god bless|stay safe|stay well|be well|happy holidays|merry christmas|
    happy new year|enjoy your day|gratefully|bye for now|bis später|tschüss|tschüß|alles gute|alles liebe|herzlich|
    ihr|ihre|euer|eure|glück auf|frohe weihnachten|frohe ostern|schöne feiertage|frohe feiertage|
    einen schönen abend|amitiés|a bientôt|à plus|joyeuses fêtes|bonnes fêtes|sportivement|
    abrazos|buen fin de semana|hasta pronto|hasta luego|felices fiestas|bendiciones|buon fine settimana|
    un abbraccio|buone feste|tot ziens|tot snel|fijne feestdagen|prettige feestdagen|succes|grt|
    do usłyszenia|do zobaczenia|wesołych świąt|hej då|hejdå|ha det gott|kram|kramar|god jul|hav en god dag|
    hav en god weekend|god dag|klem|ha det|mukavaa päivänjatkoa|srdečně|mějte se|mějte se hezky|mějte se krásně|
    pekný deň|prajem pekný deň|szép napot kívánok|további szép napot|o zi frumoasă|до свидания|удачи|
    всього найкращого|до побачення|хубав ден|лек ден|приятен ден|hoşça kalın|esenlikler|χαιρετισμούς|
    bom fim de semana|grato|grata|gratos|srdačno|ugodan dan|lep dan|parimat|head soovides|jauku dienu|cieņā|
    visu labu|geros dienos|linkėjimai
""")
)
# "le service comptabilité", "the accounts team": who signs, written small.
TEAMS = frozenset(
    words("""
    team|service|department|dept|office|équipe|secrétariat|accueil|equipo|departamento|equipe|squadra|ufficio|
    afdeling|dział|zespół|avdelningen|büro|sekretariat|staff
""")
)
# The first word and the last of a formula of three or four words …
FRAMES = {
    "mit": frozenset({"grüßen", "grüssen", "gruß", "gruss", "gruessen"}),
    "met": frozenset({"groet", "groeten"}),
    "med": frozenset({"hilsen", "hilsener", "hälsning", "hälsningar", "hilsner"}),
    "s": frozenset({"pozdravem", "pozdravom", "pozdravi"}),
}
# … and the last of one of two, which says in front what kind of greeting it is.
GREETINGS_OF_A_KIND = frozenset(
    {"grüße", "grüsse", "groet", "groeten", "hälsningar", "terveisin", "hilsen", "hilsener"}
)
LAST_WORDS = GREETINGS_OF_A_KIND.union(*FRAMES.values())
KIND_ENDS = ("e", "n", "a", "g", "in")
NO_KINDS = frozenset({"keine", "meine", "deine", "seine", "ihre", "die", "de", "een", "en", "geen"})


def is_composed(formula: str) -> bool:
    """Whether a row, bare and in lower case, is such a formula: "mit sportlichen grüßen", "zonnige groet"."""
    first, _, rest = formula.partition(" ")
    if not rest:
        return False
    blanks = rest.count(" ")
    if blanks == 0:
        return rest in GREETINGS_OF_A_KIND and first.endswith(KIND_ENDS) and first.isalpha() and first not in NO_KINDS
    return blanks <= 2 and first in FRAMES and rest.rpartition(" ")[2] in FRAMES[first]
