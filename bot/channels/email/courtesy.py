"""Whether a text without any mark of a program reads like an answer that a program gave.

An absence is told by two things together: who is away, and what such notes add in every language (whom to ask in
urgent cases, what becomes of the mail, thanks for it). An acknowledgement is told by two of its set phrases. One alone
proves nothing: people write of their holidays too. Tables only, lower case.
"""

from __future__ import annotations

import re

from bot.channels.email.wordlist import words

# A note is short; a long text that holds such phrases is about something else.
NOTE_LETTERS_MIN, NOTE_LETTERS_MAX = 40, 1800
# The writer speaks of being away …
AWAY = words("""
    i am out of the office|i'm out of the office|i’m out of the office|i will be out of the office|
    i am currently out|i'm currently out|i’m currently out|i am away|i'm away|i’m away|i will be away|
    i am on vacation|i'm on vacation|i’m on vacation|i am on holiday|i'm on holiday|i am on annual leave|
    i'm on annual leave|i am on leave|i'm on leave|currently on leave|on maternity leave|on paternity leave|
    on parental leave|i am currently on|i'm currently on|i am presently|out of office until|out of the office until|
    out of the office from|out of office from|i will be traveling|i will be travelling|i am traveling|
    i am travelling|away from the office|away from my desk|away from my email|the office is closed|
    our office is closed|our offices are closed|office will be closed|i am not in the office|
    nicht im büro|nicht im hause|außer haus|ausser haus|im urlaub|bin abwesend|in elternzeit|bin ich abwesend|
    im mutterschutz|nicht am arbeitsplatz|nicht erreichbar|bin erst wieder|bin ab dem|bin ich wieder|
    absent du bureau|absente du bureau|actuellement absent|en congé|en vacances|serai absent|suis absent|
    serai de retour|fuera de la oficina|estoy de vacaciones|estaré de vacaciones|estaré ausente|
    me encuentro fuera|fuori ufficio|sono in ferie|sarò in ferie|sarò assente|sono assente|fora do escritório|
    estou de férias|estarei de férias|estarei ausente|ik ben afwezig|ben ik afwezig|met vakantie|op vakantie|
    niet op kantoor|inte på kontoret|på semester|är ledig|är föräldraledig|på ferie|ikke på kontoret|
    er ikke på kontor|holder ferie|en ole paikalla|olen lomalla|en ole toimistolla|poissa toimistolta|
    poza biurem|na urlopie|jestem nieobecn|mimo kancelář|na dovolené|jsem mimo|na dovolenke|szabadságon|
    nem vagyok az irodában|în concediu|nu sunt la birou|в отпуске|отсутствую|не в офисе|у відпустці|izindeyim|
    ofis dışında|ofiste değilim|εκτός γραφείου|σε άδεια|不在办公室|休假|出差|不在辦公室|休暇|不在に|不在の|
    i am off sick|i'm off sick|i’m off sick|currently off sick|i am on sick leave|i'm on sick leave|
    i’m on sick leave|currently on sick leave|wieder für sie da|wieder für euch da|bureaux sont fermés|
    bureaux seront fermés|    bureau est fermé|bureau sera fermé|sommes fermés|nuestras oficinas están cerradas|
    nuestra oficina está cerrada|
    oficina permanecerá cerrada|estaremos cerrados|de baja médica|estoy de baja|uffici sono chiusi|
    uffici resteranno chiusi|ufficio è chiuso|chiusi per ferie|kantoor is gesloten|zijn wij gesloten|
    escritório está encerrado|estaremos encerrados|estamos encerrados|kontoret är stängt|kontoret er lukket|
    holder lukket|holder stengt|biuro jest nieczynne|biuro nieczynne|jsme zavřeni|je zavřeno do|
    外出しており|부재중|휴가|출장|בחופשה|לא במשרד|خارج المكتب|في إجازة
""")
# … or of absence, in words that stand in other sentences too …
AWAY_WORDS = words("""
    abwesend|mutterschaftsurlaub|in kur|auf dienstreise|auf geschäftsreise|in den ferien|geschlossen bis|
    en congés|en déplacement|congé maternité|de retour le|serai de retour|fuera de oficina|ausente de la oficina|
    me encontraré fuera|de baja por|de permiso hasta|ausente do escritório|encontro-me ausente|estou ausente|
    de férias|licença maternidade|licença médica|fuori sede|non sono in ufficio|in congedo|in maternità|
    afwezig|niet aanwezig|met verlof|vrij tot en met|med ferie|har ferie|er bortrejst|på barsel|er bortreist|
    har fri frem til|har fri til|ikke til stede|i permisjon|tjänstledig|föräldraledig|åter på kontoret|bortrest|
    lomalla|virkamatkalla|poissa|urlopie|nieobecn|w delegacji|poza firmą|dovolenou|čerpám dovolen|
    nejsem v kanceláři|jsem nepřítom|mimo kanceláriu|szabadság|nem tartózkodom az irodá|în vacanță|
    plecat din birou|на больничном|в командировке|нет на рабочем месте|у відрядженні|в отпуска|
    на годишњем|na godišnjem|na dopustu|odsoten|yıllık izin|izinli|atostogose|atvaļinājum|puhkusel|
    be on annual leave|i'm travelling|i'm traveling|i’m travelling|i’m traveling|no longer work on |
    nicht im haus|me encuentro de vacaciones|в отпуск|sóc de vacances|estic de vacances|fora de l'oficina|
    休假中|年假|出張|席を外して|ลาพักร้อน|nghỉ phép|sedang cuti
""")
# "Ich bin am 17.03. wieder erreichbar"; a server that is so again is nobody's absence.
BACK_AGAIN = re.compile(
    r"(?:ich bin|bin ich|sind wir|wir sind) (?:erst )?(?:am|ab|ab dem) [^!?]{0,20}\d\.[^!?]{0,30}wieder "
)
ANY_AWAY = (*AWAY, *AWAY_WORDS)
# … and adds what people who are there do not.
COURTESIES = words("""
    thank you for your e|thank you for your m|thanks for your e|thanks for your m|thank you for contacting|
    in my absence|during my absence|while i am away|while i'm away|until i return|upon my return|on my return|
    when i return|after my return|as soon as i return|when i get back|limited access to|no access to|
    without access to|not have access to|not be checking|intermittent access|checking email|checking my email|
    is urgent|for urgent|if urgent|for immediate|immediate assistance|in urgent cases|an emergency|
    will not be forwarded|will reply to your|will respond to your|respond to your message|reply to your email|
    vielen dank für ihre|danke für ihre|vielen dank für deine|danke für deine|nicht weitergeleitet|
    in dringenden|dringende anliegen|bei dringenden|in meiner abwesenheit|nach meiner rückkehr|
    während meiner abwesenheit|wenden sie sich|en cas d'urgence|en cas d’urgence|toute urgence|en mon absence|
    à mon retour|dès mon retour|demande urgente|durant mon absence|pendant mon absence|merci de votre m|
    merci pour votre m|asuntos urgentes|en caso de urgencia|caso urgente|durante mi ausencia|en mi ausencia|
    a mi regreso|a mi vuelta|si es urgente|gracias por su|per urgenze|in caso di urgenza|questioni urgenti|
    al mio rientro|in mia assenza|durante la mia assenza|grazie per la sua|dringende zaken|voor dringende|
    geval van spoed|mijn afwezigheid|mijn terugkomst|bedankt voor uw|bedankt voor je|brådskande|min frånvaro|
    akuta ärenden|är akut|tack för ditt m|hastesager|haster det|ved haste|mit fravær|mitt fravær|tak for din|
    takk for din|kiireellis|kiireisissä|poissaoloni|kiitos viesti|w pilnych|pilnych spraw|mojej nieobecności|
    po powrocie|dziękuję za wiadomość|dziękuję za kontakt|caso de urgência|assuntos urgentes|minha ausência|
    meu regresso|meu retorno|obrigado pel|v naléhavých|v urgentních|mé nepřítomnosti|děkuji za váš|sürgős|
    távollétem|urgențe|cazuri urgente|срочным вопрос|срочных вопрос|срочных случа|моё отсутствие|
    мое отсутствие|моего отсутствия|после возвращения|спасибо за ваше|термінов|acil durum|acil konu|
    επείγον|απουσία μου|如有急事|紧急|緊急|有急事|お急ぎ|긴급|급한|דחוף|عاجل|العاجلة|
    anything urgent|any urgent|urgent matters|urgent enquir|urgent inquir|urgent queries|urgent issues|
    urgent requests|urgent assistance|should you need immediate|require immediate|need immediate|
    in my place please|will be read after|will be answered after|as soon as i am back|when i am back|
    in eiligen|eilige anliegen|in dringlichen|dringende fälle|bei eilig|vertretung|vertritt mich|
    nach meinem urlaub|wird nicht gelesen|nicht bearbeitet|nicht automatisch weitergeleitet|
    cas d'urgence|urgence, |question urgente|message urgent|urgences|asunto urgente|temas urgentes|tema urgente|
    cuestiones urgentes|consultas urgentes|cualquier urgencia|gracias por tu|caso di necessità|comunicazioni urgenti|
    per ogni urgenza|qualsiasi urgenza|urgenti|grazie per il|situações urgentes|qualquer urgência|
    assunto urgente|agradeço o seu|dringend kan|spoedeisende|bij spoed|lees mijn mail niet|niet doorgestuurd|
    na mijn|vid brådska|i brådska|hör av mig när|vid akut|hastesak|haster, |ved behov|ved hastende|
    presserende|når jeg er tilbake|når jeg er tilbage|kiireisiss|kiireasioissa|palattuani|sprawach pilnych|
    razie pilnej|pilnym kontakt|w czasie mojej|naléhav|neodkladn|urgentn|po mém návratu|po svém návratu|
    v čase mojej|súrgős|visszatérés|în caz de urgență|при необходимост|по неотложным|срочных дел|
    в моё отсутств|в мое отсутств|по возвращени|hitne|u hitnim|nujn|skubiais|steidzam|kiire korral|
    if it cannot wait|if it can't wait|if it can’t wait|only sporadically|matter is urgent|
    not be monitored|will be read on|please direct all|please direct any|please direct your|please direct quer|
    not be reading|not be responding|please redirect|при спешн|спешни случа|súrny|súrnych|urgències|
    急件|急用|要事|急ぎの|至急|戻り次第|กรณีเร่งด่วน|trường hợp khẩn|keadaan mendesak|hal mendesak
""")
# The mailbox's owner is gone for good.
GONE = words("""
    no longer works for|no longer works at|no longer works with|no longer work for|no longer work at|
    no longer working for|no longer working at|is no longer with|am no longer with|no longer employed|
    has left the company|has left our company|i have left|nicht mehr für|nicht mehr im unternehmen|
    nicht mehr bei|ne travaille plus|a quitté la société|ya no trabaja|non lavora più|não trabalha mais|
    werkt niet meer|arbetar inte längre|больше не работает
""")
GONE_COURTESIES = words("""
    please direct|please forward|please contact|please address|please send|please email|this mailbox|
    this email address is|is not monitored|all enquiries|all inquiries|future correspondence|bitte wenden|
    wenden sie sich|veuillez contacter|merci de contacter|merci d'adresser|por favor contacte|dirigirse a|
    si prega di contattare|neem contact|kontakta|обращайтесь
""")
# How the subjects of Lotus Notes end, behind the writer's name …
AWAY_TITLES = words(
    """
    est absent(e)| est absent| est absente| est en congé| está ausente de la oficina| está fuera de la oficina|
    está ausente| está fora do escritório| è fuori ufficio| è assente| is afwezig| is niet aanwezig| ist abwesend|
    ist außer haus| är inte på kontoret| är frånvarande| poissa toimistosta| er ikke på kontoret| er ikke til stede|
    er bortrejst| jest nieobecny| jest nieobecna| nie ma w biurze|はオフィスにおりません|は不在です|отсутствует в офисе|
    不在办公室|不在辦公室
"""
)
# … and those of notes that do not answer by their subject.
AWAY_SUBJECTS = frozenset(
    words("""
    maternity leave|paternity leave|parental leave|sick leave|on annual leave|on maternity leave|on parental leave|
    afwezigheid|ik ben afwezig|ferie|vacances|ferien|holidays|
    elternzeit|mutterschutz|congé maternité|
    absence|absent|absente|away|urlaub|ferien|abwesend|vacation|on vacation|holiday|holidays|on holiday|on leave|
    annual leave|congés|congé|en congé|vacances|en vacances|vacaciones|de vacaciones|ausencia|férias|ausência|ferie|
    in ferie|assenza|afwezigheid|vakantie|semester|ferie|loma|lomalla|urlop|dovolená|szabadság|отпуск|休暇|休假
""")
)
RECEIVED = words("""
    this is a confirmation that|
    we have received your|we've received your|we’ve received your|has been received|was received and|
    have received your message|have received your email|have received your request|successfully received|
    thank you for contacting|thanks for contacting|thank you for getting in touch|thank you for reaching out|
    thanks for reaching out|thank you for your enquiry|thank you for your inquiry|a ticket has been|
    ticket has been created|ticket has been opened|a new ticket|a support ticket|your ticket number|
    ticket id is|your reference number|your case number|has been assigned|assigned ticket number|
    been logged|will get back to you|will be in touch|will respond to you|will respond as soon|
    will reply as soon|will contact you|get back to you as soon|within 24 hours|within one business day|
    within 1 business day|within 48 hours|two business days|2 business days|business days|a member of our|
    one of our|our support team|our support staff|our customer service|being reviewed|
    wir haben ihre nachricht erhalten|haben ihre anfrage erhalten|ihre anfrage ist bei uns|
    ist bei uns eingegangen|werden uns schnellstmöglich|schnellstmöglich bearbeiten|ihre ticketnummer|
    avons bien reçu votre|votre demande a bien été|dans les plus brefs délais|vous répondrons|nous reviendrons|
    hemos recibido su|
    le responderemos|nos pondremos en contacto|we have received it|thank you for your email|received your enquiry|
    received your inquiry|received your application|will be in touch|lo antes posible|al più presto|entro 24 ore|
    responderemos|entraremos em contato|em breve|número do seu|su número de|numero di ticket|ticketnummer|
    neem zo spoedig|in behandeling|så snart som möjligt|hurtigst muligt|så snart som mulig|
    abbiamo ricevuto la|le risponderemo|recebemos a sua|
    wij hebben uw bericht|hebben uw e-mail ontvangen|zo spoedig mogelijk|ваше обращение|заявка зарегистрирована
""")
RECEIVED_MIN = 3
# "Is it urgent?" and the like is no question to us.
HASTE_WORDS_MAX = 6
# Of which one at least says that this very mail has come.
RECEIVED_STRONG = words("""
    we have received your|we've received your|we’ve received your|has been received|was received and|
    we have received it|received your enquiry|received your inquiry|received your application|
    have received your message|successfully received|thank you for contacting|thanks for contacting|
    thank you for getting in touch|thank you for your enquiry|thank you for your inquiry|a ticket has been|
    ticket has been created|ticket has been opened|your ticket number|ticket id is|been logged|
    wir haben ihre nachricht erhalten|haben ihre anfrage erhalten|ist bei uns eingegangen|
    avons bien reçu votre|votre demande a bien été|hemos recibido su|abbiamo ricevuto la|recebemos a sua|
    wij hebben uw bericht|hebben uw e-mail ontvangen|заявка зарегистрирована
""")
# How a person asks a desk for something, which no program does.
REQUESTS = words("""
    please set|please change|please turn|please switch|please update|please add|please enable|please disable|
    please look|please check|please help|can you|could you|would you|can somebody|can someone|how do i|how can i|
    please write|please create|please make|bitte tragen|bitte legen|bitte löschen|
    bitte richten|bitte leitet|bitte ändern|bitte leiten|bitte stellen sie|bitte prüfen|
    kannst du|
    könnt ihr|pourriez-vous|peux-tu|merci de mettre|merci de vérifier|puede usted|podría|pueden|
    potrebbe|poderia|czy możecie|proszę ustawić|
    můžeš|можете|помогите|お願いできますか|能否|请帮
""")
# The same words in an answer say what the reader may do; they ask only with a question mark.
MODALS = words("""
    können sie|könnten sie|kunt u|kun je|può |potete|pode |kan ni|kan du|voitteko|voisitteko|možete|můžete|pouvez-vous
""")
# A note says at once that its writer is away.
AWAY_LETTERS_MAX = 300
CUT_NOTE_LETTERS_MAX = 400
AWAY_HEAD = re.compile(
    r"([^\d:,(–-]{3,40}?)"
    r"(?:\s?[:,(–-]| (?=\d|until |till |from |bis |vom |du |jusqu|tot |t/m |til |do |del |dal |fino |hasta |até "
    r"|re: |aw: ))"
)


def is_away_subject(subject: str) -> bool:
    """Whether a subject, in lower case, is nothing but an absence, with or without its days."""
    if subject.strip(" .!-") in AWAY_SUBJECTS:
        return True
    head = AWAY_HEAD.match(subject)
    return head is not None and head[1] in AWAY_SUBJECTS


def reads_like_absence(text: str, *, is_cut: bool = False) -> bool:
    """Whether a note says that its writer is away, and what becomes of the mail. is_cut: what it answers stood with it;
    people quote what they answer, so such a note must be a short one.
    """
    look = _look(text)
    if look is None or (is_cut and (len(look) > CUT_NOTE_LETTERS_MAX or "?" in look or _is_too_short(look))):
        return False
    beginning = look[:AWAY_LETTERS_MAX]
    is_away = any(map(beginning.__contains__, ANY_AWAY)) or ("wieder " in beginning and BACK_AGAIN.search(beginning))
    if is_away and any(map(look.__contains__, COURTESIES)):
        return not _asks(look)
    return any(map(look.__contains__, GONE)) and sum(map(look.__contains__, GONE_COURTESIES)) >= 2


def _is_too_short(look: str) -> bool:
    """Nobody says in so few letters that he is away and whom to ask; signs of Chinese say more."""
    return len(look) < NOTE_LETTERS_MIN and look.isascii()


def requests(text: str) -> bool:
    """Whether somebody asks the desk for something, near the beginning."""
    beginning = " ".join(text[:NOTE_LETTERS_MAX].lower().split())
    if any(map(beginning.__contains__, REQUESTS)):
        return True
    return "?" in beginning and any(map(beginning.__contains__, MODALS))


def asks(text: str) -> bool:
    """Whether somebody asks a question or for something, near the beginning."""
    return requests(text) or questions(text)


def questions(text: str) -> bool:
    """Whether somebody asks a question that is longer than whether there is haste."""
    return _asks(" ".join(text[:NOTE_LETTERS_MAX].lower().split()))


def _asks(look: str) -> bool:
    """Whether it asks for something: a note asks nothing but whether there is haste."""
    *asked, _ = re.split(r"[?？](?= |$)", look)
    questions = (re.split(r"[.!。] ?", question)[-1] for question in asked)
    return any(len(question.split()) > HASTE_WORDS_MAX for question in questions)


def reads_like_acknowledgement(text: str, *, phrases_min: int = RECEIVED_MIN) -> bool:
    """Whether a note only says that a mail has come and will be answered."""
    look = _look(text)
    if look is None or not any(map(look.__contains__, RECEIVED_STRONG)):
        return False
    return sum(map(look.__contains__, RECEIVED)) >= phrases_min


def _look(text: str) -> str | None:
    """The text in lower case on one line; None where it is too long, or quotes what it answers."""
    if len(text) > NOTE_LETTERS_MAX or "\n>" in text or text.startswith(">"):
        return None
    return " ".join(text.lower().split())
