"""By what mail that no person wrote is known from its words: subjects and phrases. Tables only, lower case.

Words alone give no class; `automatic` wants a sign of another kind beside them.
"""

from __future__ import annotations

from bot.channels.email.wordlist import Sayings, Starts, words

# How the subjects of bounces begin, and what bounces say.
BOUNCE_SUBJECTS = words("""
    undeliverable|undelivered mail|undeliverable mail|undelivered|delivery status notification|
    delivery notification|delivery failure|delivery failed|delivery report|delivery error|mail delivery fail|
    mail delivery problem|mail delivery error|mail delivery system|mail failure|mail error|
    mail could not be delivered|message could not be delivered|message not delivered|message delivery fail|
    failed mail|failed delivery|failure notice|failure delivery|returned mail|returned message|return mail|
    returned to sender|returning mail|returned email|mail returned|mail system error|non delivery|non-delivery|
    nondeliverable mail|non delivery report|ndn:|ndr:|unable to deliver|could not deliver|
    sorry, your message could not|notice: mail delivery status|delivery status|email delivery fail|
    there was an error sending your mail|surfcontrol e-mail filter|message delivery has failed|message delivery|
    rejected mail|error sending message|email error|message undeliverable|message status - undeliverable|
    mail status report|non recapitabile|niet te bezorgen|übermittlung verzögert|zustellung verzögert|remise différée|
    remise retardée|entrega retrasada|entrega atrasada|recapito ritardato|bezorging vertraagd|leverans försenad|
    levering forsinket|dostarczenie opóźnione|doručení zpožděno|доставка отложена|配信の遅延|传递延迟|
    mailbox full|quota exceeded|mail quota|message rejected|邮件投递失败|投递失败|邮件发送失败|发送失败|
    传送失败|nachricht konnte nicht|mancata consegna|error delivering|message delivery delay|echec de |
    benachrichtung zum|benachrichtigung zum|
    mail transaction failed|warning: could not send|warning: message|warning: delayed|
    delayed mail|delayed:|delivery delayed|message delayed|delivery status notification (delay)|
    transient mail failure|unknown user|address not found|invalid recipient|recipient unknown|mail rejected|
    det gick inte att leverera|niedostarczalne|未传递|未傳遞|не удается доставить|ei voi toimittaa|
    ei voida toimittaa|**message you sent blocked|bounced mail|[mdaemon] ndn|permanent delivery failure|
    permanent mail delivery failure|permanent error|
    nachricht nicht zugestellt|unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|unzustellbare|rückläufer|
    fehler bei der zustellung|übermittlungsfehler|mail konnte nicht|non remis|non distribuable|non délivré|
    échec de remise|échec de la remise|échec de livraison|notification d'échec|message non remis|
    no se puede entregar|no entregado|no se pudo entregar|error de entrega|devuelto|mensaje no entregado|
    notificación de estado de entrega|mancato recapito|recapito non riuscito|impossibile recapitare|
    avviso di mancata consegna|anomalia messaggio|não entregue|não foi possível entregar|
    não é possível entregar|falha na entrega|falha de entrega|mensagem não entregue|onbestelbaar|niet bezorgd|
    kan niet worden bezorgd|fout bij bezorging|olevererbart|kunde inte levereras|går inte att leverera|uleveret|
    kan ikke leveres|kunne ikke leveres|levering mislykkedes|ei voitu toimittaa|toimitus epäonnistui|
    niedostarczon|nie można dostarczyć|zwrot wiadomości|nedoručiteln|nedoručeno|kézbesíthetetlen|недоставлен|
    не доставлено|не удалось доставить|сообщение не доставлено|недоставленное|teslim edilemedi|iletilemedi|
    不能送达|无法投递|退信|系统退信|无法送达|未送达|無法傳遞|傳遞失敗|退回|配信不能|配信不可|配信エラー|
    送信できません|配送不能|전송 실패|배달 실패|반송|배달되지|לא ניתן למסירה|תעذر|تعذر التسليم|user unknown
""")
BOUNCE_PHRASES = Sayings(
    words("""
    this is the qmail-send program|i'm afraid i wasn't able to deliver your message|
    this is the mail system at host|i'm sorry to have to inform you that your message could not|
    could not be delivered to one or more|a message that you sent could not be delivered|
    a message that you have sent could not be delivered|did not reach some or all of the intended recipients|
    did not reach the following recipient|the following recipient(s) could not be reached|
    the following recipient(s) cannot be reached|delivery to the following recipient|
    delivery to these recipients|the following addresses had permanent fatal errors|the following addresses had|
    the following address(es) failed|had delivery problems|had permanent delivery errors|
    transcript of session follows|transcript of the session follows|session transcript|
    your message was not delivered|your message wasn't delivered|your message has not been delivered|
    your message could not be delivered|your message cannot be delivered|your message couldn't be delivered|
    your message can't be delivered|could not be delivered|couldn't be delivered|was undeliverable|
    is undeliverable|undeliverable to the following|unable to deliver|was unable to deliver|not able to deliver|
    cannot deliver|delivery has failed|delivery failed|delivery of the following message|
    message delivery failed|mail delivery failed|your mail to the following recipients|your email could not be|
    the e-mail address you entered couldn't be found|recipient address rejected|address rejected|user unknown|
    unknown user|no such user|does not exist|mailbox unavailable|mailbox not found|unrouteable address|
    mailbox is full|mailbox full|quota exceeded|over quota|exceeded storage|host unknown|unknown host|
    retry timeout exceeded|has been returned|returned to sender|is being returned|failure reasons|
    not listed in public name|unable to relay|spam message rejected|message rejected|blocked by our|
    not been delivered|delivery of the email was stopped|wird weiterhin versucht|
    a été retardée|gick inte att leverera|nie powiodło się|未能向这些收件人|無法傳遞給這些|
    не удалось выполнить доставку|epäonnistui|mail delivery error|no mailbox here by that name|
    no valid recipients|account that you tried to reach|delivery error|
    could not be sent|was not received|delivery temporarily suspended|has not yet been delivered|
    delivery attempts will continue|will continue to try|still being retried|550 5.1.1|550-5.1.1|554 5.|5.1.1|
    5.1.2|5.2.1|5.2.2|5.4.4|5.7.1|5.0.0|reporting-mta|final-recipient|diagnostic-code|
    konnte nicht zugestellt werden|nicht zugestellt|konnte nicht übermittelt|unzustellbar|n'a pas pu être remis|
    n'a pas pu être délivré|n’a pas pu être|n'a pas été remis|impossible de remettre|no se pudo entregar|
    no ha podido ser entregado|no ha sido entregado|non è stato possibile|non è stato recapitato|
    impossibile recapitare|não pôde ser entregue|não foi entregue|não foi possível|kon niet worden bezorgd|
    kan niet worden bezorgd|kunde inte levereras|kunne ikke leveres|ei voitu toimittaa|nie została dostarczona|
    nie można dostarczyć|nebylo možné doručit|не было доставлено|не может быть доставлено|не удалось доставить|
    配信できませんでした|配送できません|送信できませんでした|届けることができませんでした|无法投递|无法送达|
    被退回|無法遞送|non è stato consegnato|was rejected because|was not delivered|전송되지|배달하지 못했습니다
""")
)

# How the texts of bounces begin, and no other text does.
BOUNCE_OPENINGS = Starts(
    words("""
    hi. this is the qmail-send program|hi. this is the james mail server|hi. this is the deliver program|
    hi! this is the mailer-daemon|transcript of session follows|this message was undeliverable due to|
    this is the machine generated message from mail service|the following recipients did not receive|
    sorry, we were unable to deliver your message|this is the mail system at |this is the mail delivery agent at |
    this message was created automatically by mail delivery software|this is a message from the mmdf mail system|
    i'm sorry to have to inform you that|i'm afraid i wasn't able to deliver|i was not able to deliver your message|
    this report relates to a message you sent|this report relates to your message|
    this is an automatically generated delivery status|this is a delivery status notification|
    delivery to the following recipient|your message did not reach some or all of|
    the following addresses had |the following message could not be delivered|the following mail message could not|
    a message that you sent could not be delivered|a message that you sent has not yet been delivered|
    mailenable: message delivery|[<00>] xmail bounce|%mail-e-nosuchusr|batch smtp transaction log|
    dies ist eine automatisch erstellte benachrichtigung über den zustell|
    ihre nachricht konnte nicht zugestellt werden|ihre nachricht wurde einigen oder allen|
    votre message n'a pas pu être remis|su mensaje no pudo ser entregado|il messaggio non ha potuto essere recapitato
""")
)
# Subjects of notices that a mail arrived.
ARRIVED_SUBJECTS = words(
    "relayed: |delivered: |expanded: |successful mail delivery|weitergeleitet: |zugestellt: |remis : |return receipt"
)
ARRIVED_PHRASE = "successfully delivered"
# Subjects that nobody but a mail system gives a mail.
BOUNCE_SUBJECTS_WHOLE = frozenset(
    words("""
    failure notice|undeliverable message|undeliverable mail|undelivered mail returned to sender|
    mail delivery failed: returning message to sender|mail delivery failed|
    delivery status notification (failure)|delivery status notification (delay)|delivery status notification|
    returned mail: user unknown|returned mail: see transcript for details|mail system error - returned mail|
    delivery failure|delivery notification|returned mail: host unknown|message delivery failure|
    mail delivery failure|message undeliverable|mail could not be delivered|returned mail: service unavailable|
    returned mail: unknown mailer error 1|warning: could not send message for past 4 hours|undeliverable|
    non remis|unzustellbar|nondeliverable mail|message delivery failed|mail delivery error|rapport de non-remise
""")
)

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
    on sabbatical|no longer works|no longer work|no longer with|no longer employed|has left the company|
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
    please confirm your message|confirm your email to|please verify your message|verify your email to|
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
    未開封: |未読: |읽음: |읽지 않음: |read receipt|disposition notification|return receipt|lesebestätigung|
    accusé de lecture|confirmation de lecture|confirmación de lectura|conferma di lettura|
    confirmação de leitura|leesbevestiging|läskvitto|kvittering for lesing|lukukuittaus|potwierdzenie przeczytania
""")
RECEIPT_PHRASES = words("""
    was read on|was received by: |was deleted without being read|this is a return receipt|has been displayed|
    was displayed on|wurde gelesen|gelesen am|ohne gelesen zu werden|
    a été lu|accusé de lecture|fue leído|è stato letto|foi lida|
    was opened by|was opened on|has been opened|is gelezen|lästes|blev læst|прочитано|已阅读|開封
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
COMPLAINT_SUBJECTS = words("""
    email feedback report for|complaint about message from|abuse report|spam complaint|feedback loop|[abuse
""")
# Subjects that nobody but a collector of complaints gives a mail.
COMPLAINT_TITLES = words("[spamcop (|email feedback report for ip ")
