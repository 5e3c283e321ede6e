"""What mail programs write around the words of a person, in the languages they write it in. Lower case.

Tables only; how they are used stands in `attribution` and `signature`. To add a language, add its words to each table.
"""

from __future__ import annotations

# "On … X wrote:": how such a line begins, where it does not begin with a date or a name.
OPENERS = tuple(
    "on|at|in message|in article|le|am|um|el|il|il giorno|op|em|a|no dia|den|på|d.|dne|dňa|dnia|w dniu|w|na|во|в|у|în|la|"
    "στις|την|vào|pada|pada tanggal|noong|ar|ngày|dana|dne|data|missatge de|στο|ในวันที่|เมื่อ|ב|ב-|בתאריך|في|در|"
    "在|於|于|quoting|citando|zitat von|quoting from|citat från|selon|lainaus|"
    "mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so".split("|")
)

# The verb of such a line. Those that are also common in sentences count only beside a date or an address.
VERBS = tuple(
    "wrote|writes|write|said|says|schrieb|schreibt|geschrieben|a écrit|écrivait|écrit|a ecrit|escribió|escribio|"
    "escribe|ha scritto|scrive|scritto|escreveu|escreve|schreef|schrijft|geschreven|skrev|skriver|skrifaði|kirjoitti|"
    "kirjoittaa|napisał|napisała|napisał(a)|napisal|napisal(a)|pisze|napsal|napsal(a)|napsala|napísal|napísala|napísal(a)|"
    "írta|ezt írta|a scris|написал|написала|написал(а)|пишет|писал|писал(а)|написа|написав|написала|пише|έγραψε|"
    "yazdı|şunu yazdı|yazmış|napisao|napisala|napisao je|je napisal|je napisala|je napisao|je napisal/-a|kirjutas|"
    "rakstīja|rašė|viết|đã viết|menulis|sinulat|va escriure|escrigué|escribiu|idatzi|ysgrifennodd|het geskryf|"
    "写道|寫道|写到|のメッセージ|は書きました|さんは書きました|さんが書きました|书写|님이 작성|작성하였습니다|작성함|님의 말|"
    "כתב|כתבה|כתב/ה|‏כתב|כתב:|كتب|كتبت|تمت كتابة ما يلي بواسطة|نوشت|ने लिखा|เขียนว่า|เขียน".split("|")
)

# The labels of the header that Outlook and others put over the older mail.
LABELS = {
    "from": "from|von|de|da|van|från|fra|lähettäjä|od|от|от кого|feladó|kimden|gönderen|mittente|remetente|remitente|"
    "expéditeur|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|보낸이|מאת|מ|من|από|nadawca|odesílatel|odosielateľ|"
    "de la|expeditor|від|від кого|saatja|no|nuo|từ|người gửi|dari|จาก|pošiljatelj|šalje|afsender|avsändare|avsender|"
    "afzender|absender|sender|from name|originator|pošiljalac|oд|jan mail from|oorspronkelijke afzender|frá|nga|gan",
    "sent": "sent|gesendet|envoyé|envoyé le|enviado|enviado el|enviado em|enviada|enviada em|enviada el|inviato|"
    "verzonden|skickat|sendt|lähetetty|wysłano|wysłane|отправлено|odesláno|odoslané|odoslaná|elküldve|küldve|"
    "küldés dátuma|gönderildi|gönderme tarihi|gönderilme tarihi|trimis|изпратено|изпратено на|στάλθηκε|εστάλη|发送时间|"
    "發送時間|寄件日期|傳送時間|送信日時|보낸 날짜|보낸날짜|보낸 시간|נשלח|تاريخ الإرسال|أرسلت|تم الإرسال|надіслано|poslano|poslato|"
    "saadetud|nosūtīts|nosūtīta|išsiųsta|đã gửi|gửi|dikirim|terkirim|ส่งเมื่อ|ส่ง|enviat|sent at|date sent|data invio|sent on|"
    "skickades|sendt den|versendet|received|submitted",
    "date": "date|datum|fecha|data|päivämäärä|päiväys|pvm|dato|дата|dátum|tarih|ημερομηνία|日期|日期时间|日時|日付|날짜|"
    "תאריך|التاريخ|تاريخ|kuupäev|ngày|tanggal|วันที่|dată|datums|posted|date/time|dagsetning|дата и время",
    "to": "to|an|à|para|a|aan|till|til|vastaanottaja|do|кому|komu|címzett|kime|alıcı|către|catre|до|към|προς|"
    "收件人|收件者|受信者|宛先|받는 사람|받는사람|받는이|אל|إلى|الى|za|primatelj|prima|saaja|kam|đến|tới|người nhận|"
    "kepada|ke|ถึง|destinataire|destinatario|destinatário|per a|per|mottagare|odbiorca|recipient|recipients|til|příjemce|nga|у",
    "cc": "cc|kopie|copie|kopia|kopi|kopio|копия|másolat|bilgi|κοιν|κοινοποίηση|抄送|副本|참조|참조인|עותק|نسخة|cópia|dw|udw|"
    "copie à|kopie an|copia|с копия|копія|bcc|ccn|cci|skrytá kopie|kopija|koopia|cc to",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|тема|předmět|předm|predmet|"
    "tárgy|konu|subiect|относно|θέμα|主题|主題|主旨|标题|件名|제목|נושא|الموضوع|teema|tēma|tema|tema:|chủ đề|perihal|subjek|"
    "เรื่อง|assumpte|naslov|efni|subj|re|topic|moto",
    "other": "reply-to|reply to|antwort an|répondre à|responder a|importance|wichtigkeit|importancia|priority|priorität|"
    "priorità|attachments|attachment|anlagen|anhang|pièces jointes|adjuntos|datos adjuntos|allegati|anexos|bijlagen|bilagor|"
    "organization|organisation|newsgroups|message-id|in reply to|mailed by|signed by|security|sensitivity|wątek|"
    "załączniki|вложения|list|forwarded by|sent by|mailing-list|content-type",
}

# Between dashes: the reply puts the older mail below such a line …
ORIGINAL = frozenset(
    "original message|original|original mail|original email|original e-mail|original appointment|reply message|replied message|"
    "originalnachricht|ursprüngliche nachricht|ursprüngliche mail|original-nachricht|original nachricht|"
    "originalmail|originalmeddelande|ursprungligt meddelande|ursprungligt e-postmeddelande|"
    "message d'origine|message d’origine|message original|mail original|courriel original|message initial|"
    "mensaje original|correo original|mensaje original enviado|mensagem original|messaggio originale|messaggio original|"
    "oorspronkelijk bericht|oorspronkelijke bericht|origineel bericht|originele bericht|oprindelig meddelelse|"
    "oprindelig besked|opprinnelig melding|original besked|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|"
    "oryginalna wiadomośc|původní zpráva|původní e-mail|pôvodná správa|pôvodný e-mail|eredeti üzenet|eredeti levél|"
    "исходное сообщение|пересылаемое исходное сообщение|оригинальное сообщение|исходный текст|оригинално писмо|"
    "оригінальне повідомлення|вихідне повідомлення|mesaj original|mesajul original|orijinal ileti|orijinal mesaj|özgün ileti|"
    "αρχικό μήνυμα|原始邮件|原始郵件|原邮件|原郵件|邮件原件|original-message|元のメッセージ|オリジナルメッセージ|원본 메시지|원본 메일|"
    "원본메시지|הודעה מקורית|الرسالة الأصلية|رسالة أصلية|thư gốc|tin nhắn gốc|pesan asli|izvorna poruka|izvorno sporočilo|originalna poruka|algkiri|"
    "algne sõnum|sākotnējā ziņa|pradinis laiškas|missatge original|mensaxe orixinal|回复邮件|upprunaleg skilaboð|in reply to".split("|")
)
# … and the forward below one of these.
FORWARD = frozenset(
    "forwarded message|forwarded mail|forwarded email|forwarded e-mail|forward message|begin forwarded message|"
    "start of forwarded message|start forwarded message|forwarded by|weitergeleitete nachricht|"
    "anfang der weitergeleiteten nachricht|anfang weitergeleitete nachricht|weitergeleitete mail|weitergeleitet von|message transféré|"
    "message réexpédié|début du message transféré|début du message réexpédié|message transmis|mensaje reenviado|"
    "inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|"
    "início da mensagem reencaminhada|messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato|"
    "doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat meddelande|vidarebefordrat brev|"
    "börja vidarebefordrat meddelande|videresendt meddelelse|videresendt besked|start på videresendt besked|"
    "videresendt melding|start på videresendt melding|välitetty viesti|edelleenlähetetty viesti|"
    "välitetty viesti alkaa|wiadomość przekazana dalej|przekazana wiadomość|początek przekazywanej wiadomości|treść przekazanej wiadomości|"
    "přeposlaná zpráva|předaná zpráva|začátek přeposlané zprávy|preposlaná správa|továbbított üzenet|"
    "továbbított levél|továbbított levél kezdete|пересылаемое сообщение|пересланное сообщение|начало переадресованного сообщения|"
    "начало пересылаемого сообщения|конец пересылаемого сообщения|препратено съобщение|переслане повідомлення|"
    "mesaj redirecționat|mesaj redirectionat|mesajul redirecţionat|iletilen mesaj|iletilmiş mesaj|yönlendirilen ileti|"
    "iletilen ileti|προωθημένο μήνυμα|προωθούμενο μήνυμα|转发的邮件|转发邮件|轉寄的郵件|轉寄郵件|已转发邮件|开始转发的邮件|"
    "下面是被转发邮件的开头|转发邮件信息|転送メッセージ|転送されたメッセージ|전달된 메시지|전달된 메일|הודעה שהועברה|رسالة معاد توجيهها|الرسالة المعاد توجيهها|"
    "thư đã chuyển tiếp|thư được chuyển tiếp|pesan terusan|pesan yang diteruskan|proslijeđena poruka|posredovano sporočilo|edastatud kiri|pārsūtītā ziņa|"
    "persiųstas laiškas|missatge reenviat|ข้อความที่ถูกส่งต่อ|framsend skilaboð".split("|")
)

# Subjects of forwards.
FORWARD_PREFIXES = tuple(
    "fw:|fwd:|wg:|tr:|rv:|i:|vs:|vb:|vl:|enc:|doorst:|pd:|továbbítás:|ytt:|ilt:|fs:|转发:|轉寄:|転送:|전달:|fw：|fwd：|转发：|轉寄：|转发|prosl.:|"
    "trs:|inoltra:|пересл:|переслать:|пд:|προωθ:|tlk:".split("|")
)
REPLY_PREFIXES = tuple(
    "re:|aw:|sv:|ré:|réf:|rif:|r:|res:|odp:|vá:|ynt:|yt:|antw:|bls:|re：|回复:|回覆:|回复：|回覆：|答复:|答复：|返信:|답장:|회신:|atb:|на:|отв:|"
    "σχετ:|ics:|bvs:|re[".split("|")
)

# Lines that a program adds below what the person wrote.
SENT_FROM = tuple(
    "sent from|sent via|sent using|sent with|sent by my|sent on the|sent on my|sent through|get outlook|download outlook|"
    "von meinem|gesendet von|gesendet mit|gesendet über|gesendet aus|diese nachricht wurde von meinem|holen sie sich outlook|"
    "outlook für|outlook for|outlook pour|outlook para|outlook per|outlook voor|"
    "envoyé de|envoyé depuis|envoyé à partir|envoyé avec|envoyé via|envoyé par mon|télécharger outlook|téléchargez outlook|obtenez outlook|obtenir outlook|"
    "provenance : courrier pour windows|enviado desde|enviado con|enviado do|enviado a partir|enviado via|enviado pelo|"
    "enviado mediante|obtener outlook|obtén outlook|obter o outlook|obtenha o outlook|baixar outlook|inviato da|inviato dal|inviato con|"
    "scarica outlook|ottieni outlook|verzonden vanaf|verstuurd vanaf|verzonden met|verstuurd met|verzonden via|verzonden vanuit|download outlook|"
    "outlook downloaden|skickat från|skickad från|skickades från|hämta outlook|sendt fra|sendt via|hent outlook|få outlook|lähetetty|hanki outlook|"
    "wysłane z|wysłano z|wysłane przy|pobierz program outlook|pobierz outlook|отправлено с|отправлено из|отправлено через|послано с|скачать outlook|"
    "скачайте outlook|odesláno z|odoslané z|stáhnout outlook|získat outlook|elküldve|küldve|iphone-ról küldve|"
    "trimis de pe|trimis din|изпратено от|στάλθηκε από|εστάλη από|"
    "iphoneから送信|ipadから送信|androidから送信|从我的|發自我的|发自我的|寄自我的|從我的|傳送自|发自|寄件自|获取 outlook|取得 outlook|"
    "나의 iphone|내 iphone|나의 ipad|내 ipad|내 갤럭시|iphone에서 보냄|נשלח מ|أُرسلت من|أرسلت من|مرسل من|надіслано з|"
    "poslano s|poslano iz|dikirim dari|được gửi từ|gửi từ|ส่งจาก|enviat des|enviat del|saadetud minu|nosūtīts no|"
    "išsiųsta iš|telefonumdan gönderildi|iphone'umdan gönderildi|iphone’umdan gönderildi|samsung cihazımdan|"
    "please excuse my brevity|please excuse the brevity|excuse my brevity|please excuse any typos|please excuse typos|sorry for any typos|"
    "typed on|typos courtesy of|written on my|bitte entschuldigen sie die kürze|bitte entschuldige die kürze|veuillez excuser ma brièveté|"
    "mobil gesendet|unterwegs gesendet".split("|")
)
# The same, where the words stand at the end of the line: "Von meinem iPhone gesendet" is above, "iPhone'dan gönderildi" here.
SENT_FROM_ENDINGS = (
    "gönderildi",
    "から送信",
    "에서 보냄",
    "에서 보냈습니다",
    "发送",
    "傳送",
    "küldve",
    "elküldve",
    "beziehen",
    "downloaden",
)
SENT_FROM_DEVICES = (
    "iphone",
    "ipad",
    "ipod",
    "android",
    "samsung",
    "galaxy",
    "blackberry",
    "huawei",
    "xiaomi",
    "nokia",
    "outlook",
    "mobile",
    "mobil",
    "móvil",
    "phone",
    "handy",
    "smartphone",
    "telefon",
    "telephone",
    "téléphone",
    "teléfono",
    "celular",
    "windows",
    "mail",
    "correo",
    "courrier",
    "tablet",
    "device",
    "watch",
    "gerät",
    "手机",
    "yahoo",
    "proton",
    "tutanota",
    "surface",
    "thunderbird",
    "k-9",
    "verizon",
    "t-mobile",
    "at&t",
    "vodafone",
    "o2",
    "app",
    "airmail",
    "spark",
    "superhuman",
    "mutt",
    "lenovo",
    "motorola",
    "oneplus",
    "pixel",
    "htc",
    "lg",
    "sony",
    "xperia",
    "kindle",
    "puhelimesta",
    "iphonesta",
    "ipadista",
    "free.fr",
    "телефон",
    "устройств",
    "почт",
)

# Words that close a letter; what follows is the writer's name. The first are formulas only, the second also say thanks.
CLOSINGS = tuple(
    "best regards|kind regards|kindest regards|warm regards|warmest regards|regards|with regards|with best regards|"
    "with kind regards|many regards|friendly regards|sincere regards|thanks and regards|thanks & regards|"
    "thanks and best regards|thanks & best regards|thanks and kind regards|thank you and regards|thanks/regards|best wishes|all the best|best|cheers|sincerely|yours sincerely|"
    "sincerely yours|yours truly|yours faithfully|faithfully|yours|respectfully|respectfully yours|cordially|warmly|br|rgds|brgds|kr|"
    "best rgds|with best wishes|have a nice day|have a great day|have a good day|have a great weekend|have a nice weekend|take care|love|xoxo|"
    "mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|"
    "freundliche grüsse|mit besten grüßen|mit besten grüssen|beste grüße|beste grüsse|besten gruß|viele grüße|viele grüsse|vielen gruß|viele liebe grüße|"
    "liebe grüße|liebe grüsse|herzliche grüße|herzliche grüsse|herzlichen gruß|schöne grüße|schöne grüsse|schönen gruß|"
    "sonnige grüße|mit herzlichen grüßen|mit vielen grüßen|hochachtungsvoll|gruß|gruss|grüße|grüsse|grüßle|lg|mfg|vg|bg|mit freundlichen gruessen|freundliche gruesse|viele gruesse|"
    "cordialement|bien cordialement|très cordialement|cordialement vôtre|salutations|meilleures salutations|sincères salutations|"
    "salutations distinguées|bien à vous|bien à toi|amicalement|bonne journée|bonne soirée|bonne réception|respectueusement|"
    "cdlt|cdt|bien sincèrement|avec mes meilleures salutations|veuillez agréer|je vous prie d'agréer|"
    "saludos|un saludo|saludos cordiales|un cordial saludo|cordiales saludos|atentamente|atte|muy atentamente|cordialmente|un abrazo|"
    "reciba un cordial saludo|quedo atento|quedo a la espera|saludos atentos|"
    "cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|cordialmente|i migliori saluti|buona giornata|"
    "porgo distinti saluti|a presto|tanti saluti|"
    "atenciosamente|att|abraços|abraço|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|cordialmente|saudações|"
    "met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|hartelijke groet|hartelijke groeten|groet|groeten|"
    "groetjes|mvg|met hartelijke groet|met groet|hoogachtend|"
    "med vänliga hälsningar|med vänlig hälsning|vänliga hälsningar|vänlig hälsning|hälsningar|bästa hälsningar|mvh|hälsning|vänligen|"
    "med venlig hilsen|venlig hilsen|de bedste hilsner|bedste hilsner|mange hilsner|hilsen|hilsner|vh|kh|dbh|"
    "med vennlig hilsen|vennlig hilsen|beste hilsen|med hilsen|"
    "ystävällisin terveisin|terveisin|parhain terveisin|yst. terv|yt|t|"
    "z poważaniem|pozdrawiam|pozdrawiam serdecznie|serdecznie pozdrawiam|z wyrazami szacunku|pozdrowienia|łączę pozdrowienia|"
    "s pozdravem|s přátelským pozdravem|s úctou|zdravím|hezký den|s pozdravom|s priateľským pozdravom|"
    "üdvözlettel|tisztelettel|üdv|köszönettel|с уважением|с наилучшими пожеланиями|всего доброго|всего хорошего|с уважение|поздрави|"
    "з повагою|з найкращими побажаннями|cu stimă|cu respect|numai bine|cu drag|o zi bună|toate cele bune|"
    "saygılarımla|iyi çalışmalar|sevgiler|saygılar|iyi günler|με εκτίμηση|με φιλικούς χαιρετισμούς|φιλικά|"
    "srdačan pozdrav|s poštovanjem|lijep pozdrav|lep pozdrav|lp|pozdrav|parimate soovidega|lugupidamisega|heade soovidega|tervitades|"
    "ar cieņu|pagarbiai|trân trọng|thân mến|salam|hormat saya|hormat kami|"
    "salutacions|salutacions cordials|atentament|"
    "此致|敬礼|敬禮|祝好|顺颂商祺|顺祝商祺|順頌商祺|此致敬礼|敬具|以上|よろしくお願いします|よろしくお願いいたします|宜しくお願いします|宜しくお願い致します|"
    "감사합니다|드림|올림|בברכה|תודה וברכה|مع أطيب التحيات|تحياتي|مع التحية|با احترام|ด้วยความเคารพ|kveðja|bestu kveðjur".split("|")
)
THANKS = tuple(
    "thanks|thank you|thank you very much|thanks very much|thanks so much|many thanks|thanks a lot|thanks again|thanks in advance|"
    "thank you in advance|thx|ty|tia|thanks!|much appreciated|danke|vielen dank|besten dank|danke schön|danke und gruß|vielen dank im voraus|danke im voraus|"
    "herzlichen dank|merci|merci beaucoup|merci d'avance|merci d’avance|mille mercis|avec mes remerciements|gracias|muchas gracias|gracias de antemano|"
    "grazie|grazie mille|molte grazie|obrigado|obrigada|muito obrigado|muito obrigada|bedankt|dank je|dank u|alvast bedankt|bij voorbaat dank|"
    "tack|tack på förhand|tack så mycket|tak|på forhånd tak|mange tak|takk|på forhånd takk|kiitos|kiitos etukäteen|dziękuję|z góry dziękuję|děkuji|děkuji předem|"
    "děkujeme|ďakujem|köszönöm|спасибо|заранее спасибо|благодаря|дякую|mulțumesc|multumesc|teşekkürler|teşekkür ederim|ευχαριστώ|hvala|谢谢|謝謝|"
    "ありがとうございます|고맙습니다|תודה|شكرا|cảm ơn|terima kasih|ขอบคุณ".split("|")
)

# How the paragraph begins that a company's server adds, and a word of which it must hold at least one.
DISCLAIMERS = tuple(
    "this e-mail|this email|this message|this communication|this electronic|this transmission|this mail|this document|the information contained|"
    "the information in this|the information transmitted|the contents of this|the content of this|the contents in this|information contained in this|"
    "the e-mail|any views|the views|internet e-mail|e-mail transmission|email transmission|e-mails are|emails are|"
    "if you are not the intended|if you have received this|unless otherwise|privileged|confidential|private and confidential|please note that|please be advised|"
    "unauthorized|unauthorised|nothing in this|the sender|we have taken|please treat|in accordance with|pursuant to|"
    "diese e-mail|diese mail|diese nachricht|dieses e-mail|der inhalt dieser|die information|die in dieser|die vorliegende|vertraulich|"
    "ce message|cet e-mail|cet email|ce courriel|ce mail|ce courrier|le présent|les informations|l'information|"
    "este mensaje|este correo|este e-mail|este email|la información|el contenido de este|en cumplimiento|le informamos|"
    "esta mensagem|este e-mail|o conteúdo|a informação|as informações|"
    "questo messaggio|questa e-mail|questa mail|la presente|il presente|le informazioni|il contenuto|ai sensi|"
    "dit bericht|deze e-mail|dit e-mail|dit mail|de informatie|de inhoud|aan dit bericht|"
    "detta meddelande|detta e-post|den här|denne e-mail|denne mail|denne e-post|denne meddelelse|tämä viesti|tämä sähköposti|"
    "ta wiadomość|niniejsza|treść tej|wiadomość ta|tento e-mail|tato zpráva|obsah tohoto|táto správa|ez az üzenet|"
    "это сообщение|данное сообщение|настоящее|содержание данного|acest mesaj|acest e-mail|bu e-posta|bu mesaj|bu elektronik|"
    "本邮件|此邮件|本電子郵件|此電子郵件|このメール|本メール|이 메일|본 메일".split("|")
)
DISCLAIMER_WORDS = tuple(
    "confidential|intended recipient|intended solely|intended only|intended for|privileged|legally|virus|vertraulich|confidentiel|"
    "confidencial|riservat|vertrouwelijk|konfidenti|fortrolig|luottamuksell|poufn|důvěrn|dôvern|bizalmas|конфиденциальн|"
    "confidenţial|confidențial|gizli|保密|機密|机密|기밀|proprietary|unauthorized|unauthorised|unbefugt|destinataire|destinatari|destinatár|"
    "bestemd|geadresseerde|registered in|registered office|liability|disclos|gdpr|rgpd|d.lgs|protección de datos|monitored|"
    "authorised|authorized and regulated|does not accept|do not necessarily|scanned|encrypted".split("|")
)
# Headings that need no proof.
DISCLAIMER_HEADINGS = tuple(
    "disclaimer|confidentiality notice|confidentiality note|confidentiality statement|confidentiality:|confidentiality|email disclaimer|e-mail disclaimer|legal disclaimer|"
    "legal notice|important notice|notice of confidentiality|notice:|privileged & confidential|privileged and confidential|confidential notice|confidential:|"
    "confidentiality caution|statement of confidentiality|privacy notice|warning:|caution:|"
    "haftungsausschluss|vertraulichkeitshinweis|wichtiger hinweis|rechtlicher hinweis|avis de confidentialité|clause de confidentialité|"
    "aviso legal|aviso de confidencialidad|cláusula de confidencialidad|aviso de confidencialidade|avviso di riservatezza|clausola di riservatezza|"
    "ansvarsfraskrivelse|klauzula poufności|免责声明|保密声明".split("|")
)
# Footers of lists, virus scanners, services: they and what follows are nobody's words.
FOOTERS = tuple(
    "you received this message because|you received this email because|you are receiving this|you're receiving this|you have received this message because|"
    "to unsubscribe|to post to this group|to post a message|to stop receiving|unsubscribe|click here to unsubscribe|subscribe/unsubscribe|for more options, visit this group|"
    "for more options, visit https://groups|to view this discussion|to manage your subscription|manage your subscription|to change your subscription|list-unsubscribe|"
    "please consider the environment|please consider your environmental|think before you print|save a tree|before printing|consider the environment|"
    "p please consider|bitte denken sie an die umwelt|bitte prüfen sie|pensez à l'environnement|avant d'imprimer|antes de imprimir|prima di stampare|"
    "this email has been checked for viruses|this e-mail has been checked for viruses|this email has been scanned|this message has been scanned|this e-mail has been scanned|virus-free|virenfrei|"
    "diese e-mail wurde von avast|l'absence de virus|libre de virus|privo di virus|sans virus|no virus found|checked by avg|this email is free from viruses|"
    "scanned by|this message was scanned|message scanned|do you yahoo|yahoo! groups links|get your free|get free|msn hotmail|join the world's largest|"
    "find your perfect|express yourself instantly|windows live|do you know|mailscanner has|--- this message|hotmail: trusted|"
    "reply to this email directly|reply above this line|reply directly to this email|view it on github|you can view, comment on|mute the thread|"
    "powered by|esta mensagem foi verificada|mailing list|the following section of this message contains".split("|")
)
# Warnings that a company's server puts on top of mail from outside.
BANNERS = tuple(
    "caution: this email|caution: this e-mail|caution: this message|caution: external|caution - external|caution!|external email|external sender|external message|[external]|*external|"
    "warning: this email|warning: external|this email originated|this message originated|this email is from an external|this message is from an external|this email was sent from outside|"
    "this message was sent from outside|you don't often get email|you don’t often get email|some people who received this message don't often|"
    "some people who received this message don’t often|some content in this message has been blocked|achtung: diese e-mail|achtung: externe|externe e-mail|"
    "attention: cet|attention : cet|attention: this email|precaución: este|let op: deze|eksterne e-mail|sie erhalten nicht oft|sie erhalten nicht häufig|"
    "vous n’obtenez pas souvent|vous ne recevez pas souvent|no suele recibir correos|non si ricevono spesso|this sender is from outside|the sender of this email is external|"
    "use caution with links".split("|")
)
# Where a help desk asks for the answer: what is below is its own notice.
REPLY_ABOVE = (
    "reply above this line",
    "type your reply above this line",
    "write above this line",
    "respond above this line",
    "reply above the line",
    "please reply above",
    "reply above this",
    "reply-above-this-line",
    "do not write below this line",
    "do not reply below this line",
    "respond by replying above this line",
    "type above this line",
    "please do not write below this line",
    "bitte antworten sie oberhalb dieser linie",
    "bitte oberhalb dieser zeile antworten",
    "répondre au-dessus de cette ligne",
    "responda por encima de esta línea",
    "escriba su respuesta por encima de esta línea",
    "ваш ответ выше этой строки",
)
