"""Warnings that a company's server writes into mail from outside, above or below the words: strangers, links, fraud.

Such a warning says where the mail comes from, or that money is at stake, and tells the reader what not to do. A person
who writes of such mail says the one or the other, asks for something, or goes on. Tables only, lower case.
"""

from __future__ import annotations

from bot.channels.email.wordlist import Starts, words

WARNING_LETTERS_MIN, WARNING_LETTERS_MAX = 40, 900
STEM_LETTERS_MAX = 160
# Where none of these stands near its beginning, nothing more is looked for.
STEMS = words("""
    extern|outside|fraud|cyber|bank|extérieur|fuera d|fora d|estern|buiten|serhalb|ßerhalb|utanför|uden for|
    utenfor|spoza|zewnętrzn|mimo organ|betrug|truff|frod|identity|ulkopuol
""")
# Where a mail comes from …
ORIGIN = words("""
    external sender|external email|external e-mail|external mail|external message|external source|external address|
    external contact|external domain|external party|external user|external recipient|an external|[external]|
    external:|from outside|outside of |outside the |outside our |outside your |originated outside|is external|
    sender's identity|identity of the sender|identity could not|display name|impersonat|
    externen absender|externer absender|externe e-mail|externe email|externe mail|externe nachricht|
    externen adresse|externen e-mail|externen mail|externen domäne|externen quelle|[extern|externe quelle|
    außerhalb|ausserhalb|extern gesendet|
    expéditeur externe|extérieur de|extérieur à|l'extérieur|l’extérieur|courriel externe|e-mail externe|email externe|
    mail externe|message externe|externe à|source externe|provenance externe|
    remitente externo|fuera de la|fuera de nuestra|fuera de su|fuera del|correo externo|correo electrónico externo|
    mensaje externo|origen externo|externo a |
    remetente externo|fora da |fora do |e-mail externo|email externo|mensagem externa|origem externa|
    mittente esterno|esterno dell|esterno all|e-mail esterna|email esterna|mail esterna|messaggio esterno|
    provenienza esterna|dall'esterno|dall’esterno|origine esterna|
    externe afzender|buiten de |buiten het |buiten onze|buiten uw|externe bron|van buiten|
    utanför |extern avsändare|externt |uden for |ekstern |utenfor |spoza |zewnętrzn|mimo organizac|externí|ulkopuol
""")
# … what is not to be done, or with care …
COMMANDS = words("""
    do not |don't |don’t |be careful|be cautious|be wary|be vigilant|use caution|exercise caution|with caution|
    think before|never |verify|unless you|take care|stay alert|report |treat |pay attention|could not be verified|
    may be impersonating|matching a user|
    klicken sie|öffnen sie|seien sie|vorsicht|bitte prüfen|prüfen sie|behandeln sie|zu behandeln|behandeln|
    bitte keine|keine links|keine anhänge|
    ne cliquez|ne pas |soyez|n'ouvrez|n’ouvrez|vérifie|prudence|vigilan|
    no haga|no abra|tenga|verifique|evite|no clique|compruebe|
    não clique|não abra|tenha|confirme|
    non cliccare|non aprire|non aprite|non cliccate|prestare|prestate|verificare|fare attenzione|
    klik niet|open geen|wees |pas op|controleer|klik alleen|
    klicka inte|öppna inte|var försiktig|klik ikke|åbn ikke|vær forsigtig|vær forsiktig|ikke klikk|ikke åpne|
    nie klikaj|nie otwieraj|zachowaj|neklikejte|neotvírejte|neotevírejte|buďte opatrní|älä avaa|älä napsauta|
    ole varovainen
""")
# … and with what.
OBJECTS = words("""
    link|attach|click|content|sender|password|request|identity|display name|
    anhäng|anhang|absender|inhalt|passw|
    liens|pièce|expéditeur|courriel|mot de passe|
    enlace|adjunt|remitente|contraseña|clic|
    anexo|remetente|senha|
    allegat|mittente|
    bijlage|afzender|wachtwoord|
    länk|bilag|bifog|bijlag|vedlegg|załącznik|odkaz|příloh|linkk|liite|linki
""")
# The warnings of law firms, estate agents and banks.
FRAUD_HEADS = Starts(
    words("""
    fraud warning|fraud alert|fraud prevention|fraud notice|wire fraud|email fraud|e-mail fraud|payment fraud|
    cyber crime|cyber-crime|cybercrime|cyber fraud|cyber-fraud|cyber security|cybersecurity|scam warning|scam alert|
    beware of|be aware of|warning: bank|important: bank|bank details|bank account details|our bank details|
    our bank account|important notice: our bank|warning - |important - |please be aware|
    betrugswarnung|warnung vor betrug|vorsicht betrug|achtung betrug|alerte fraude|alerte à la fraude|
    attention à la fraude|attention aux fraudes|avis de fraude|alerta de fraude|aviso de fraude|
    advertencia de fraude|alerta de golpe|aviso antifraude|avviso antifrode|attenzione alle frodi|
    attenzione alle truffe|avviso frodi|fraudewaarschuwing|waarschuwing voor fraude|pas op voor fraude
""")
)
FRAUD_MONEY = words("""
    bank|account|payment|funds|wire|money|invoice|bankverbindung|kontoverbindung|konto|überweis|iban|coordonnées|
    virement|cuenta|datos bancarios|conta|dados bancários|bonifico|conto|rekening|betaling
""")
FRAUD_COMMANDS = words("""
    will not change|do not change|never change|never notify|not notify|will never|verify|call us|by telephone|
    by phone|before sending|before transferring|before making|do not accept|no liability|nicht per e-mail|
    ändert sich nicht|ändern sich nicht|niemals|telefonisch|ne changeront|ne changent|jamais|par téléphone|
    vérifie|nunca|no cambi|por teléfono|verifique|por telefone|não alter|non cambi|mai |telefonicamente|verificare|
    nooit|wijzigen niet|telefonisch|niet per e-mail
""")
# A person asks for something, and cites the warning.
REQUESTS = words("""
    can you|could you|would you|please add|please remove|please change|please look|please help|please set|können sie|
    könnten sie|pouvez-vous|pourriez-vous|podría|puede usted|potete|potrebbe|poderia|kunt u|kun je
""")
# What stands in a paragraph of its own below a warning on top.
CONTINUED = Starts(
    words("""
    do not click|don't click|do not open|do not reply|please do not click|never click|think before|be careful|
    use caution|exercise caution|report suspicious|report this|if you have any doubt|if in doubt|if you are unsure|
    learn why|learn more about|manage your safe|the sender of this|unless you|this email originated|
    this message originated|klicken sie|öffnen sie|bitte öffnen sie keine|bitte klicken sie nicht|ne cliquez|
    n'ouvrez|veuillez ne pas|no haga clic|no abra|não clique|não abra|non cliccare|non aprire|klik niet|open geen
""")
)


def is_warning(text: str) -> bool:
    """Whether a paragraph, in lower case and on one line, warns of mail from outside or of fraud."""
    if not WARNING_LETTERS_MIN <= len(text) <= WARNING_LETTERS_MAX or not any(
        map(text[:STEM_LETTERS_MAX].__contains__, STEMS)
    ):
        return False
    if "?" in text or any(map(text.__contains__, REQUESTS)):
        return False
    if any(map(text.__contains__, ORIGIN)) and any(map(text.__contains__, OBJECTS)):
        return any(map(text.__contains__, COMMANDS))
    is_of_money = any(map(text.__contains__, FRAUD_MONEY)) and any(map(text.__contains__, FRAUD_COMMANDS))
    return is_of_money and FRAUD_HEADS.match(text.lstrip("*_⚠️!-–[ "))
