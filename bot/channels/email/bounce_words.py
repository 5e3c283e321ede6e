"""By what bounces are known from their words: subjects, openings and phrases. Tables only, lower case.

Words alone give no class; `nondelivery` wants a sign of another kind beside them, but for the openings.
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
    notification du statut de distribution|notifica sullo stato del recapito|notificação de status da entrega|
    notificação do estado da entrega|melding om leveringsstatus|meddelelse om leveringsstatus|bezorgingsstatus|
    уведомление о состоянии доставки|傳送狀態通知|投递状态通知|送达状态通知|配信状態通知|配信状況通知|배달 상태 알림|
    powiadomienie o stanie dostarczenia|oznámení o stavu doručení|teslim durumu bildirimi|leveransmeddelande|
    toimitustilailmoitus|kézbesítési állapot|kézbesítési hiba|su mensaje ha sido rechazado|mensaje rechazado|
    message refusé|erreur de remise|échec de la distribution|messaggio respinto|mensagem rejeitada|
    message rejected|邮件投递失败|投递失败|邮件发送失败|发送失败|
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
    δεν παραδόθηκε|δεν είναι δυνατή η παράδοση|η παράδοση απέτυχε|imposibil de livrat|nelivrat|livrare eșuată|
    не вдалося доставити|недоставлене|недоставено|неуспешно доставяне|neisporučeno|neisporučiv|nije isporučen|
    ni mogoče dostaviti|nedostavljiv|kättetoimetamatu|nepiegādājam|nepristatom|không thể gửi|thư không gửi được|
    ไม่สามารถส่ง|ไม่สามารถจัดส่ง|tidak terkirim|pesan tidak terkirim|gagal terkirim|no lliurat|no s'ha pogut lliurar|
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
    被退回|邮件发送失败|地址不存在|邮箱不存在|用户不存在|退信原因|
    無法遞送|non è stato consegnato|was rejected because|was not delivered|전송되지|배달하지 못했습니다
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
ARRIVED_ENDINGS = ("(relay)", "(relayed)", "(success)", "(successful)", "(delivered)")
# What a system tells the owner of a mailbox, and no bounce tells a sender.
OWN_MAILBOX, OWN_MESSAGES = "your mailbox", ("your message", "your mail ", "your e-mail", "your email")
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
