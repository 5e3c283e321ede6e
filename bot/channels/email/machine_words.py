"""By what mail that no person wrote is known from its words: subjects and phrases. Tables only, lower case.

Words alone give no class; `automatic` wants a sign of another kind beside them.
"""

from __future__ import annotations

import re

from bot.channels.email.wordlist import Sayings, Starts, words

# How the subjects of automatic answers begin, what they say of themselves, and of why nobody answers.
AUTO_REPLY_SUBJECTS = words("""
    automatic reply|automatic response|automated reply|automated response|auto reply|auto-reply|autoreply|
    auto response|auto-response|autoresponse|autoresponder|auto-responder|auto responder|auto:|auto :|
    out of office|out of the office|out-of-office|ooo:|ooo |[auto-reply]|[autoreply]|(auto-reply)|
    vacation reply|vacation message|vacation auto|holiday auto|away from my mail|away from office|
    out of office autoreply|out of office reply|out of office response|
    vacation response|vacation notice|vacation notification|vacation alert|holiday message|yahoo! auto response|
    auto-antwort|autoantwort|automatische rückmeldung|automatische empfangsbestätigung|
    automatische eingangsbestätigung|automatische mitteilung|automatische nachricht|message automatique|
    out of office notification|out of office auto-reply|vacation autoreply|
    i am away from|i am out of|i'm out of|i am currently out|i will be out of|absence notification|
    abwesend:|automatische antwort|automatische antwoord|automatisch antwoord|automatische beantwoording|
    abwesenheitsnotiz|abwesenheits|abwesenheit|autom. antwort|automatische rückantwort|nicht im büro|außer haus|
    eingangsbestätigung|réponse automatique|reponse automatique|absence du bureau|absent du bureau|
    réponse d'absence du bureau|réponse d'absence|fraværsmelding|notification d'absence|avis d'absence|
    message d'absence|absence:|respuesta automática|
    respuesta automatica|fuera de la oficina|fuera de oficina|
    ausente|risposta automatica|fuori sede|fuori ufficio|assente|resposta automática|resposta automatica|
    avviso di assenza|assenza dall'ufficio|aviso de ausencia|aviso de ausência|notificação de ausência|
    fora do escritório|ausência temporária|afwezigheidsassistent|afwezigheidsbericht|afwezigheidsmelding|
    afwezig|niet aanwezig|autosvar|
    automatiskt svar|automatisk svar|frånvaro|frånvarande|ej på kontoret|fravær|ikke til stede|automaattinen vastaus|
    automaattivastaus|poissa|odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|nieobecność|
    automatická odpověď|automatická odpoveď|mimo kancelář|automatikus válasz|házon kívül|автоматический ответ|
    автоответ|автоматична відповідь|вне офиса|автоматичен отговор|otomatik yanıt|otomatik cevap|ofis dışında|
    răspuns automat|αυτόματη απάντηση|εκτός γραφείου|automatski odgovor|samodejni odgovor|automaatvastus|
    automātiska atbilde|automatinis atsakymas|resposta automàtica|trả lời tự động|balasan otomatis|自动答复|
    自动回复|自動回覆|自動答覆|自動応答|自動返信|不在通知|자동 회신|자동 응답|자동회신|부재중|תשובה אוטומטית|
    аутоматски одговор|аўтаматычны адказ|автоматски одговор|erantzun automatikoa|balas automatik|
    outomatiese antwoord|sjálfvirkt svar|freagra uathoibríoch|ateb awtomatig|përgjigje automatike|
    מענה אוטומטי|הודעת היעדרות|رد تلقائي|الرد التلقائي|خارج المكتب|پاسخ خودکار|ตอบกลับอัตโนมัติ|स्वचालित उत्तर
""")
AUTO_REPLY_ENDINGS = words("""
    (auto-reply)|(auto reply)|(autoreply)|(automatic reply)|(automated reply)|(auto-response)|(auto response)|
    (automatic response)|[auto-reply]|[autoreply]|[auto reply]|[automatic reply]|- auto reply|- automatic reply|
    - auto-reply|- autoreply|(out of office)|[out of office]|- out of office|(abwesenheitsnotiz)|
    (automatische antwort)|(réponse automatique)|(respuesta automática)|(risposta automatica)
""")
AUTO_REPLY_PHRASES = Sayings(
    words("""
    this is an automated reply|this is an automatic reply|this is an automated response|
    this is an automatic response|this is an auto-reply|this is an autoreply|this is an auto reply|
    this is an auto-response|this is an auto-generated response|this auto-reply|[auto-reply|
    this autoreply|this is an automatically generated reply|
    this is an automatically generated response|automatic response to your|automated response to your|*** auto|
    *auto|this message is an automatic response|this message was automatically generated in response|
    dies ist eine automatische antwort|dies ist eine automatisch generierte antwort|
    ceci est une réponse automatique|esta es una respuesta automática|questa è una risposta automatica|
    esta é uma resposta automática|dit is een automatisch antwoord|dit is een automatisch gegenereerd antwoord|
    detta är ett automatiskt svar|dette er et automatisk svar|to jest automatyczna odpowiedź|
    это автоматический ответ|自动回复|自動返信
""")
)
ABSENCE_PHRASES = Sayings(
    words("""
    out of the office|out of office|out-of-office|on vacation|on holiday|on annual leave|on leave|
    away from the office|away from my desk|away from my email|maternity leave|paternity leave|parental leave|
    on sabbatical|not be reading my mail|not be reading my email|no longer works|no longer work|no longer with|
    no longer employed|has left the company|
    nicht im büro|nicht im hause|außer haus|im urlaub|bin abwesend|ich bin ab|bin bis|bin vom|elternzeit|
    mutterschutz|absent du bureau|actuellement absent|en congé|en vacances|serai absent|suis absent|
    fuera de la oficina|de vacaciones|estaré ausente|fuori ufficio|in ferie|sarò assente|fora do escritório|
    de férias|estarei ausente|afwezig|met vakantie|op vakantie|niet aanwezig|inte på kontoret|på semester|
    på ferie|ikke på kontoret|poissa|lomalla|poza biurem|na urlopie|mimo kancelář|na dovolené|szabadságon|
    в отпуске|отсутствую|izinde|ofis dışında|εκτός γραφείου|不在办公室|休假|外出|休暇|不在|휴가|부재
""")
)
# Filters that want a stranger to prove that he is one of flesh.
CHALLENGE_SUBJECTS = words("""
    please confirm your message|please confirm your email|please confirm your e-mail|confirm your email to|
    please verify your message|verify your email to|
    your message to|sender verification|boxbe waiting list|message awaiting|spam arrest|
    action required: confirm|confirmation of your email required|your email requires verification
""")
CHALLENGE_PHRASES = Sayings(
    words("""
    to verify that you are|challenge-response|challenge/response|i'm protecting myself from receiving junk mail|
    this is a one-time request|click the link below to verify|reply to this message to confirm|
    add yourself to my|prove that you are human|prove you're human|tmda|spamarrest|waiting list|
    confirm that you sent|has been held|is being held|awaits confirmation
""")
)

# How the subjects of receipts begin.
READ_SUBJECTS = words("""
    ungelesen gelöscht: |gelöscht: |deleted: |supprimé : |supprimé: |eliminado: |eliminato: |verwijderd: |
    excluída: |borttaget: |slettet: |usunięte: |odstraněno: |удалено: |已删除: |
    read: |not read: |gelesen: |nicht gelesen: |ungelesen: |lu : |lu: |non lu : |non lu: |leído: |leido: |no leído: |
    letto: |non letto: |lida: |lido: |não lida: |gelezen: |niet gelezen: |läst: |oläst: |inte läst: |læst: |
    ikke læst: |ulæst: |lest: |ikke lest: |ulest: |luettu: |ei luettu: |lukematon: |przeczytane: |przeczytano: |
    nieprzeczytane: |nie przeczytano: |přečteno: |nepřečteno: |prečítané: |neprečítané: |elolvasva: |olvasatlan: |
    citit: |necitit: |прочитано: |прочтено: |не прочитано: |не прочтено: |прочетено: |непрочетено: |pročitano: |
    prebrano: |okundu: |okunmadı: |αναγνώστηκε: |διαβάστηκε: |llegit: |loetud: |izlasīts: |perskaityta: |đã đọc: |
    dibaca: |อ่านแล้ว: |נקרא: |تمت القراءة: |已读: |未读: |已讀: |讀取: |讀取： |開封済み: |開封: |
    未開封: |未読: |읽음: |읽지 않음: |opened: |
""")
# What they are called: alone, or before a colon, a dash or a bracket.
RECEIPT_TITLES = words("""
    read receipt|disposition notification|message disposition notification|return receipt|lesebestätigung|
    empfangsbestätigung|accusé de lecture|accusé de réception|confirmation de lecture|confirmación de lectura|
    acuse de recibo|conferma di lettura|ricevuta di ritorno|confirmação de leitura|leesbevestiging|
    ontvangstbevestiging|läskvitto|kvittering for lesing|lukukuittaus|potwierdzenie przeczytania|
    potvrzení o přečtení|уведомление о прочтении|delivery notification for|開封確認|開封通知
""")
RECEIPT_WORDS = words("""
    gelesen|angezeigt|geöffnet|empfangsbestätigung für|a été lu|affiché|accusé de réception pour|leído|mostrado|letto|
    visualizzat|foi lida|exibid|gelezen|weergegeven|läst|visats|læst|vist på|lest|luettu|näytet|przeczytan|wyświetl|
    přečten|zobrazen|прочит|открыт|已读|阅读|開封|읽|been read|was read|displayed|opened|was received|
    document:
""")
RECEIPT_PHRASES = words("""
    was read on|was received by:|angezeigt wurde|eine lesebestätigung für|
    was deleted without being read|this is a return receipt|has been displayed|
    was displayed on|wurde gelesen|gelesen am|ohne gelesen zu werden|
    a été lu|accusé de lecture|fue leído|è stato letto|foi lida|
    was opened by|was opened on|has been opened|no guarantee that the message has been read|is gelezen|lästes|
    blev læst|прочитано|已阅读|開封
""")
# What only a filter says that wants a stranger to prove himself, in whatever mail.
CHALLENGES = Sayings(
    words("""
    protecting myself from receiving junk mail|just this once, click the link below so i can receive|
    i now allow incoming messages only from senders|add yourself to my guest list|
    list of approved senders, please|please fill out the short request form|
    simply reply to this message and leave the subject|has not been verified. to release your message|
    to release your message for delivery, please|reply to this message to confirm that you|
    confirm that you are not a spammer|confirm you are not a spammer|prove that you are not a robot|
    prove you are human|verify that you are a human|verify that you are a real person|
    your message will be delivered once you have confirmed|sender address verification is required|
    zu bestätigen, dass sie kein spammer|bestätigen sie, dass sie kein spammer|
    bestätigen sie bitte, dass sie kein roboter|ihre nachricht wurde zurückgehalten|
    prouver que vous n'êtes pas un robot|prouver que vous êtes un humain|
    en attente de remise à son destinataire|votre message est en attente d'authentification|
    confirmar que no es un robot|demostrar que no es un robot|su mensaje está retenido hasta|
    dimostrare di non essere un robot|confirmar que não é um robô|bevestig dat u geen spammer
""")
)

# How the subjects of programs begin: jobs and monitors, scanners and faxes, trackers, list managers. An answer to one
# begins with "Re:".
SYSTEM_SUBJECTS = Starts(
    words("""
    cron <|report domain: |anacron job |message recall failure|message recall success|output from your job|
    output from your cron job|logwatch for |** problem|**problem|** recovery|** acknowledgement|[firing:|[resolved] |
    *** security information for |apticron report|smart error (|unattended-upgrades result for |degradedarray event |
    fail event on /dev/|rebuildfinished event|lfd on |[fail2ban] |[prtg |[jira] |(jira) |[confluence] |[sonarqube] |
    [gitlab] |[teamcity|[jenkins] |build failed in jenkins: |jenkins build |build became unstable|cvs commit: |
    svn commit: |[svn] |[munin] |monit alert |[monit] |zabbix alert|[zabbix] |icinga alert|[pbx]: |corporate efax |
    efax message from |fax received from |you have received a fax|message from kmbt|scan from a xerox|
    scanned from a xerox|scanned image from |
    attached image from |scanned from mfp|let's encrypt certificate expiration notice|
    majordomo results|output of your job |confirm subscribe to |confirm unsubscribe from |
    you have been unsubscribed from the
""")
)
# The same where something of their own stands in front …
SYSTEM_SUBJECT = re.compile(
    r"\[(?:success|warning|failed)\] .{0,80}(?:backup|replication|job)|\[\S{1,80}\] rkhunter "
    r"|confirm [0-9a-f]{20}|welcome to the \".{1,80}\" mailing list"
)
# … or anything.
SYSTEM_SUBJECT_PARTS = words("""
    daily run output| weekly run output| monthly run output| security run output| daily insecurity output|
    mailing list memberships reminder| failed pipeline for | fixed pipeline for
""")

# What notices of programs say of themselves.
GENERATED_PHRASES = Sayings(
    words("""
    this is an automated message|this is an automatic message|this is an automated email|
    this is an automated e-mail|this is an automated notification|this is an automatically generated|
    this is an auto-generated|this is an auto generated|this is a system generated|this is a system-generated|
    this message was automatically generated|this message was generated automatically|
    this email was automatically generated|this email was generated automatically|
    this e-mail was automatically generated|this mail was automatically generated|
    this email was sent automatically|this notification was automatically|automatically generated email|
    automatically generated message|do not reply to this|please do not reply|do not respond to this|
    replies to this email are not monitored|replies to this message are not|sent from an unmonitored|
    this message was generated by the smartd|you have a new voicemail|you have received a new voicemail|
    this mailbox is not monitored|dies ist eine automatisch|diese e-mail wurde automatisch|
    diese nachricht wurde automatisch|bitte antworten sie nicht auf diese|ne pas répondre à ce|
    merci de ne pas répondre|message automatique|mensaje automático|no responda a este|por favor no responda|
    messaggio automatico|non rispondere a quest|mensagem automática|não responda a est|automatisch gegenereerd|
    automatiskt genererat|detta är ett automatiskt meddelande|genererats automatiskt|kan inte svara på detta|
    automatisk generert|automatisk genereret|denne e-posten er sendt automatisk|denne e-mail er sendt automatisk|
    tämä on automaattinen|tämä viesti on lähetetty automaattisesti|älä vastaa tähän|wygenerowana automatycznie|
    wiadomość automatyczna|prosimy nie odpowiadać|prosimy na nią nie odpowiadać|proszę nie odpowiadać|
    vygenerován automaticky|vygenerována automaticky|neodpovídejte na|automatikusan generált|kérjük, ne válaszoljon|
    сформировано автоматически|создано автоматически|отправлено автоматически|не отвечайте на него|
    otomatik olarak gönderilmiştir|otomatik olarak oluşturul|lütfen bu e-postayı yanıtlamayın|
    niet beantwoorden|это автоматическое|не отвечайте на это|自動的に送信|自動送信|系统自动发|请勿回复
""")
)
# How one leaves a list of readers.
LEAVING = words("""
    unsubscribe|opt out|opt-out|abmelden|abbestellen|austragen|désabonner|désinscrire|désinscription|
    darse de baja|cancelar la suscripción|disiscriviti|cancella iscrizione|cancelar inscrição|afmelden|uitschrijven|
    avsluta prenumeration|avregistrera|afmeld|meld deg av|peruuta tilaus|wypisz|odhlásit|отписаться|退订|配信停止
""")
# What only mail to many readers says of itself.
TO_MANY = words("""
    you are currently subscribed|this newsletter was sent|this email was sent to|this e-mail was sent to|
    this message was sent to|this mailing was sent|you are receiving this e-mail|you received this e-mail because|
    you have received this e-mail because|you registered|forward to a friend|forward this email|
    if you prefer not to receive|if you do not wish to receive|if you no longer|update your profile|
    view in browser|view in your browser|in your browser|view this email|view online|read online|web version|
    webversion|im browser ansehen|im browser anzeigen|im browser öffnen|onlineversion|online-version|version en ligne|
    dans votre navigateur|en el navegador|en su navegador|ver en línea|nel browser|nel tuo browser|versione web|
    no navegador|versão web|in uw browser|in je browser|webversie|i webbläsare|i din browser|i nettleseren|
    v prohlížeči|w przeglądarce|в браузере|在浏览器中|ブラウザで|you are receiving this|you're receiving this|
    you received this email because|you have received this email because|you are subscribed|you subscribed|
    because you signed up|sie erhalten diese|vous recevez ce|recibe este|recibes este|ricevi questa|ricevi quest|
    você está recebendo|u ontvangt deze|je ontvangt deze|du får det här|no longer wish to receive|
    don't want to receive|do not want to receive|stop receiving these|keinen newsletter|ne plus recevoir|
    no desea recibir|non desideri|não deseja receber|geen e-mails meer|email preferences|manage preferences|
    mailing preferences|subscription preferences|mailing address is|all rights reserved|alle rechte vorbehalten
""")
COMPLAINT_SUBJECTS = words("""
    email feedback report for|complaint about message from|abuse report|spam complaint|feedback loop|[abuse
""")
# Subjects that nobody but a collector of complaints gives a mail.
COMPLAINT_TITLES = words("[spamcop (|email feedback report for ip ")
