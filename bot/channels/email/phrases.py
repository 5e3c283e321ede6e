"""What mail programs write between a person's words and the older mail, in the languages they write it in.

Tables only, lower case; how they are used stands in `attribution`. To add a language, add its words to each table.
"""

from __future__ import annotations

from bot.channels.email.wordlist import Starts, words

# "On … X wrote:": how such a line begins, where it begins with neither a date nor a name.
OPENERS = words("""
    according to|
    on|at|in message|in article|le|am|um|el|il|il giorno|op|em|a|no dia|den|på|d.|dne|dňa|dnia|w dniu|w|na|во|в|
    у|în|la|στις|την|vào|pada|pada tanggal|noong|ar|ngày|dana|data|missatge de|στο|ในวันที่|เมื่อ|ב|ב-|בתאריך|
    في|در|在|於|于|quoting|citando|zitat von|quoting from|citat från|selon|lainaus|mon|tue|wed|thu|fri|sat|sun|
    lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so
""")

# Those of them that begin a line and no sentence, if a date follows.
STRICT_OPENERS = frozenset(words("on|am|le|el|il|op|em|den|dnia|w dniu|na|dne|în|pada|vào"))
# The verb of such a line. Those that are also common in sentences count only beside a date or an address.
VERBS = words("""
    wrote|writes|write|said|says|schrieb|schreibt|geschrieben|a écrit|écrivait|écrit|a ecrit|escribió|escribio|
    escribe|ha scritto|scrive|scritto|escreveu|escreve|schreef|schrijft|geschreven|skrev|skriver|skrifaði|
    kirjoitti|kirjoittaa|napisał|napisała|napisał(a)|napisal|napisal(a)|pisze|napsal|napsal(a)|napsala|napísal|
    napísala|napísal(a)|írta|ezt írta|a scris|написал|написала|написал(а)|пишет|писал|писал(а)|написа|написав|
    пише|έγραψε|yazdı|şunu yazdı|yazmış|napisao|napisala|napisao je|je napisal|je napisala|je napisao|
    je napisal/-a|kirjutas|rakstīja|rašė|viết|đã viết|menulis|sinulat|va escriure|escrigué|escribiu|idatzi|
    ysgrifennodd|het geskryf|写道|寫道|写到|のメッセージ|は書きました|さんは書きました|さんが書きました|书写|
    님이 작성|작성하였습니다|작성함|님의 말|כתב|כתבה|כתב/ה|‏כתב|כתב:|كتب|كتبت|تمت كتابة ما يلي بواسطة|نوشت|
    schriebst|schreibst|schrieben|skreiv|skreau|en deus skrivet|sgrìobh|shkroi|쓴 글|
    ने लिखा|เขียนว่า|เขียน|sent|scripsit|spake|quoth|skribis|asked|sprach|told|ha scritto:
""")

# Lines that name the writer without a verb.
QUOTING = Starts(
    words(
        "excerpts from |in your message of |in your message dated |according to |quoting |zitat von |citando |"
        "citat från |lainaus |citát |cytowanie |citation de |idézet "
    )
)
# Those of them that hold a date and an address and so need no quote below them.
DATED_QUOTING = ("missatge de ", "wiadomość napisana przez ")
# The labels of the header that Outlook and others put over the older mail.
LABELS = {
    "from": words("""
        از|प्रेषक|nork|발신|보낸 이|送信元|寄信人|
        from|von|de|da|van|från|fra|lähettäjä|od|от|от кого|feladó|kimden|gönderen|mittente|remetente|remitente|
        expéditeur|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|보낸이|מאת|מ|من|από|nadawca|
        odesílatel|odosielateľ|de la|expeditor|від|від кого|saatja|no|nuo|từ|người gửi|dari|จาก|pošiljatelj|
        šalje|afsender|avsändare|avsender|afzender|absender|sender|from name|originator|pošiljalac|oд|
        jan mail from|oorspronkelijke afzender|frá|nga|gan
    """),
    "sent": words("""
        ارسال شده|ارسال|भेजा गया|bidalia|
        sent|gesendet|envoyé|envoyé le|enviado|enviados|enviado el|enviado em|enviada|enviada em|enviada el|inviato|
        verzonden|skickat|sendt|lähetetty|wysłano|wysłane|отправлено|odesláno|odoslané|odoslaná|elküldve|küldve|
        küldés dátuma|gönderildi|gönderme tarihi|gönderilme tarihi|trimis|изпратено|изпратено на|στάλθηκε|
        εστάλη|发送时间|發送時間|寄件日期|傳送時間|送信日時|보낸 날짜|보낸날짜|보낸 시간|נשלח|تاريخ الإرسال|
        أرسلت|تم الإرسال|надіслано|poslano|poslato|saadetud|nosūtīts|nosūtīta|išsiųsta|đã gửi|gửi|dikirim|
        terkirim|ส่งเมื่อ|ส่ง|enviat|sent at|date sent|data invio|sent on|skickades|sendt den|versendet|
        received|submitted
    """),
    "date": words("""
        date|datum|fecha|data|päivämäärä|päiväys|pvm|dato|дата|dátum|tarih|ημερομηνία|日期|日期时间|日時|日付|
        날짜|תאריך|التاريخ|تاريخ|kuupäev|ngày|tanggal|วันที่|dată|datums|posted|date/time|dagsetning|
        дата и время
    """),
    "to": words("""
        받은 사람|받는 이|به|प्रति|nori|
        to|an|à|para|a|aan|till|til|vastaanottaja|do|кому|komu|címzett|kime|alıcı|către|catre|до|към|προς|
        收件人|收件者|受信者|宛先|받는 사람|받는사람|받는이|אל|إلى|الى|za|primatelj|prima|saaja|kam|đến|tới|
        người nhận|kepada|ke|ถึง|destinataire|destinatario|destinatário|per a|per|mottagare|odbiorca|recipient|
        recipients|příjemce|nga|у
    """),
    "cc": words("""
        抄 送|cc|kopie|copie|kopia|kopi|kopio|копия|másolat|bilgi|κοιν|κοινοποίηση|抄送|副本|참조|참조인|עותק|نسخة|
        cópia|dw|udw|copie à|kopie an|copia|с копия|копія|bcc|ccn|cci|skrytá kopie|kopija|koopia|cc to
    """),
    "subject": words("""
        主 题|موضوع|विषय|gaia|
        subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|тема|předmět|předm|predmet|
        tárgy|konu|subiect|относно|θέμα|主题|主題|主旨|标题|件名|제목|נושא|الموضوع|teema|tēma|tema|tema:|chủ đề|
        perihal|subjek|เรื่อง|assumpte|naslov|efni|subj|re|topic|moto
    """),
    "other": words("""
        reply-to|reply to|antwort an|répondre à|responder a|importance|wichtigkeit|importancia|priority|
        priorität|priorità|attachments|attachment|anlagen|anhang|pièces jointes|adjuntos|datos adjuntos|
        allegati|anexos|bijlagen|bilagor|organization|organisation|newsgroups|message-id|in reply to|mailed by|
        signed by|security|sensitivity|wątek|załączniki|вложения|list|forwarded by|sent by|mailing-list|
        content-type
    """),
}
# Between dashes: a reply puts the older mail below such a line …
ORIGINAL = frozenset(
    words("""
    원본 이메일|元のメール|
    оригинално съобщение|изходно съобщение|izvirno sporočilo|algne kiri|originalus laiškas|sākotnējais ziņojums|
    upprunalegur póstur|ข้อความต้นฉบับ|پیام اصلی|mesej asal|मूल संदेश|jatorrizko mezua|回复的原邮件|邮件原文|原始邮件信息|
    message original|原郵件|原始郵件|邮件原件|message d'origine|원본 메일|wiadomość oryginalna|
    оригинальное сообщение|reply message|original mail|オリジナルメッセージ|upprunaleg skilaboð|원본 메시지|
    original besked|mesajul original|mesaj original|thư gốc|original email|message d’origine|message initial|
    izvorna poruka|pôvodný e-mail|original message|mensaje original|原始邮件|originalnachricht|tin nhắn gốc|
    mensagem original|in reply to|исходный текст|replied message|original-message|вихідне повідомлення|
    original appointment|sākotnējā ziņa|оригинално писмо|oryginalna wiadomośc|ursprungligt e-postmeddelande|
    původní e-mail|orijinal mesaj|original|originalmeddelande|пересылаемое исходное сообщение|
    mensaje original enviado|messaggio original|mail original|ursprungligt meddelande|originalna poruka|
    الرسالة الأصلية|ursprüngliche nachricht|algkiri|originele bericht|הודעה מקורית|pradinis laiškas|
    oorspronkelijke bericht|αρχικό μήνυμα|original-nachricht|ursprüngliche mail|algne sõnum|opprinnelig melding|
    mensaxe orixinal|missatge original|correo original|元のメッセージ|eredeti üzenet|оригінальне повідомлення|
    original nachricht|původní zpráva|izvorno sporočilo|messaggio originale|original e-mail|originalmail|
    oprindelig besked|回复邮件|özgün ileti|oorspronkelijk bericht|رسالة أصلية|courriel original|
    oryginalna wiadomość|oprindelig meddelelse|origineel bericht|alkuperäinen viesti|pesan asli|原邮件|
    원본메시지|eredeti levél|orijinal ileti|исходное сообщение|pôvodná správa
""")
)
# … and a forward below one of these.
FORWARD = frozenset(
    words("""
    yönlendirilmiş ileti|yönlendirilmiş mesaj|הודעה מועברת|转发的消息|转发信息|转发消息|прослеђена порука|
    prosleđena poruka|edasisaadetud kiri|persiųstas pranešimas|pārsūtīta ziņa|tin nhắn đã chuyển tiếp|
    ข้อความที่ส่งต่อ|رسالة مُعاد توجيهها|پیام هدایت‌شده|mensaxe reenviada|birbidalitako mezua|
    forwarded conversation|अग्रेषित संदेश|
    下面是被转发邮件的开头|message transmis|przekazana wiadomość|edelleenlähetetty viesti|ข้อความที่ถูกส่งต่อ|
    προωθημένο μήνυμα|iletilmiş mesaj|vidarebefordrat brev|videresendt meddelelse|forwarded email|
    börja vidarebefordrat meddelande|переслане повідомлення|välitetty viesti alkaa|forwarded by|
    anfang weitergeleitete nachricht|inizio messaggio inoltrato|препратено съобщение|
    początek przekazywanej wiadomości|пересылаемое сообщение|messaggio inoltrato|début du message transféré|
    mensaje reenviado|start på videresendt besked|轉寄郵件|weitergeleitet von|edastatud kiri|
    пересланное сообщение|転送されたメッセージ|thư được chuyển tiếp|framsend skilaboð|전달된 메일|
    anfang der weitergeleiteten nachricht|persiųstas laiškas|předaná zpráva|начало пересылаемого сообщения|
    start på videresendt melding|välitetty viesti|mesajul redirecţionat|missatge reenviat|message transféré|
    forwarded e-mail|začátek přeposlané zprávy|begin doorgestuurd bericht|vidarebefordrat meddelande|
    mesaj redirecționat|videresendt melding|start forwarded message|továbbított levél kezdete|forwarded message|
    pesan terusan|mensagem reencaminhada|转发的邮件|已转发邮件|weitergeleitete mail|الرسالة المعاد توجيهها|
    message réexpédié|inizio del messaggio inoltrato|転送メッセージ|转发邮件|wiadomość przekazana dalej|
    proslijeđena poruka|forwarded mail|轉寄的郵件|doorgestuurd bericht|mesaj redirectionat|
    início da mensagem reencaminhada|posredovano sporočilo|הודעה שהועברה|pārsūtītā ziņa|
    weitergeleitete nachricht|mensagem encaminhada|início da mensagem encaminhada|inicio del mensaje reenviado|
    start of forwarded message|début du message réexpédié|iletilen ileti|开始转发的邮件|
    начало переадресованного сообщения|přeposlaná zpráva|yönlendirilen ileti|továbbított üzenet|전달된 메시지|
    forward message|pesan yang diteruskan|preposlaná správa|προωθούμενο μήνυμα|továbbított levél|iletilen mesaj|
    videresendt besked|конец пересылаемого сообщения|thư đã chuyển tiếp|begin forwarded message|转发邮件信息|
    رسالة معاد توجيهها|treść przekazanej wiadomości
""")
)
FORWARD_STARTS = Starts(words("forwarded by |forwarded message from |weitergeleitet von "))
# Subjects of forwards and of replies.
FORWARD_PREFIXES = words("""
    i̇lt:|fw:|fwd:|wg:|tr:|rv:|i:|vs:|vb:|vl:|enc:|doorst:|pd:|továbbítás:|ytt:|ilt:|fs:|转发:|轉寄:|転送:|전달:|fw：|
    fwd：|转发：|轉寄：|转发|prosl.:|trs:|inoltra:|пересл:|переслать:|пд:|προωθ:|tlk:
""")
REPLY_PREFIXES = words("""
    re:|aw:|sv:|ré:|réf:|rif:|r:|res:|odp:|vá:|ynt:|yt:|antw:|bls:|re：|回复:|回覆:|回复：|回覆：|答复:|答复：|
    返信:|답장:|회신:|atb:|на:|отв:|σχετ:|ics:|bvs:|re[
""")

# Where a person says that some of the quote is left out.
SNIPS = frozenset(words("[...]|[…]|(...)|<...>|[..]|[snip]|<snip>|(snip)|<snipped>|[snipped]|[cut]|<cut>"))

# Where a help desk asks for the answer: what is below is its own notice.
REPLY_ABOVE = words("""
    reply above this line|type your reply above this line|write above this line|respond above this line|
    reply above the line|please reply above|reply above this|reply-above-this-line|do not write below this line|
    do not reply below this line|respond by replying above this line|type above this line|
    please do not write below this line|bitte antworten sie oberhalb dieser linie|
    bitte oberhalb dieser zeile antworten|répondre au-dessus de cette ligne|responda por encima de esta línea|
    escriba su respuesta por encima de esta línea|antwort über dieser zeile|antwort oberhalb dieser|
    réponse au-dessus de cette ligne|por encima de esta línea|sopra questa riga|sopra questa linea|boven deze regel|
    boven deze lijn|acima desta linha|ovanför denna rad|ovanför den här raden|over denne linje|powyżej tej linii|
    nad tento řádek|nad touto čárou|выше этой черты|bu satırın üzerine|bu satırın üstüne|この行より上|在此行上方|
    此行以上|tämän rivin yläpuolelle|ваш ответ выше этой строки
""")
