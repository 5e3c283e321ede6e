"""What stands below a person's words: formulas that close a letter, and marks of devices and programs.

Tables only, lower case; how they are used stands in `signature`.
"""

from __future__ import annotations

from bot.channels.email import wishes
from bot.channels.email.wordlist import Starts, words

# Lines that a program adds below what the person wrote: how they begin, or how they end …
SENT_FROM = Starts(
    words("""
    get typeapp|iš mano|išsiųsta iš|
    yahoo mail:|yahoo mail für|послато са|dihantar dari|ارسال شده از|ارسال‌شده از|sent úr|来自 outlook|来自我的|
    来自网易|secured with tuta|надіслано із|skaffa outlook|skaff deg outlook|skaff outlook|získejte outlook|
    získajte outlook|получить outlook|получите outlook|отримати outlook|obțineți outlook|preuzmite outlook|
    الحصول على outlook|קבל את outlook|dapatkan outlook|tải outlook|tải xuống outlook|λήψη του outlook|
    αποκτήστε το outlook|gaukite outlook|baixe o outlook|descargar outlook|descarga outlook|ดาวน์โหลด outlook|
    取得 ios|取得 android|获取 ios|获取适用于|取得適用於|pobierz aplikację outlook|uzyskaj aplikację outlook|
    uzyskaj outlook|вземете outlook|изтегляне на outlook|изтеглете outlook|získať outlook|prenesi outlook|
    pridobite outlook|iegūt outlook|iegūstiet outlook|hangi outlook|hankige outlook|nhận outlook|รับ outlook|
    obteniu outlook|obteniu l'outlook|obteniu l’outlook|obtén l'outlook|obtén l’outlook|отримайте outlook|
    hae outlook|baixar o outlook|ontvang outlook|gaukite „outlook|تنزيل outlook|הורד את outlook|
    diese e-mail wurde mit|diese mail wurde mit|diese nachricht wurde mit|diese e-mail wurde von meinem|
    завантажити outlook|завантажте outlook|pobierz aplikację mobilną outlook|
    sent from|sent via|sent using|sent with|sent by my|sent on the|sent on my|sent through|get outlook|
    download outlook|von meinem|gesendet von|gesendet mit|gesendet über|gesendet aus|
    diese nachricht wurde von meinem|holen sie sich outlook|envoyé de|envoyé depuis|envoyé à partir|envoyé avec|
    envoyé via|envoyé par mon|télécharger outlook|téléchargez outlook|obtenez outlook|obtenir outlook|
    provenance : courrier pour windows|enviado desde|enviado con|enviado do|enviado a partir|enviado via|
    enviado pelo|enviado mediante|obtener outlook|obtén outlook|obter o outlook|obtenha o outlook|
    baixar outlook|inviato da|inviato dal|inviato con|scarica outlook|ottieni outlook|verzonden vanaf|
    verstuurd vanaf|verzonden met|verstuurd met|verzonden via|verzonden vanuit|skickat från|skickad från|
    skickades från|hämta outlook|sendt fra|sendt via|hent outlook|få outlook|lähetetty|hanki outlook|wysłane z|
    wysłano z|wysłane przy|pobierz program outlook|pobierz outlook|отправлено с|отправлено из|отправлено через|
    послано с|скачать outlook|скачайте outlook|odesláno z|odoslané z|stáhnout outlook|získat outlook|elküldve|
    küldve|iphone-ról küldve|trimis de pe|trimis din|изпратено от|στάλθηκε από|εστάλη από|iphoneから送信|
    ipadから送信|androidから送信|从我的|發自我的|发自我的|寄自我的|從我的|傳送自|发自|寄件自|获取 outlook|
    取得 outlook|나의 iphone|내 iphone|나의 ipad|내 ipad|내 갤럭시|iphone에서 보냄|נשלח מ|أُرسلت من|أرسلت من|
    مرسل من|надіслано з|poslano s|poslano iz|dikirim dari|được gửi từ|đã gửi từ|get bluemail|get bluemail for|
    gửi từ|ส่งจาก|enviat des|enviat del|saadetud minu|nosūtīts no|išsiųsta iš|telefonumdan gönderildi|
    iphone'umdan gönderildi|iphone’umdan gönderildi|samsung cihazımdan|please excuse my brevity|
    please excuse the brevity|excuse my brevity|please excuse any typos|please excuse typos|sorry for any typos|
    dictated on my|dictated from my|dictated with|diktiert auf|diktiert mit|
    typed on|typos courtesy of|this message was sent from|this email was sent from|
    this e-mail was sent from|this mail was sent from|written on my|
    bitte entschuldigen sie die kürze|bitte entschuldige die kürze|
    veuillez excuser ma brièveté|mobil gesendet|unterwegs gesendet|kurz gesendet|
    von samsung|von outlook|vom handy|von mobil|
    von unterwegs|von yahoo mail|aus der gmx|sendt med|skickat med|enviado com|sent by
""")
)
SENT_FROM_ENDINGS = words("""
    gönderildi|を入手|다운로드|받기|edinin|alın|indirin|beszerzése|letöltése|से भेजा गया|प्राप्त करें|
    から送信|에서 보냄|에서 보냈습니다|发送|傳送|küldve|elküldve
""")
# … and a device or a program, of which they name one.
SENT_FROM_DEVICES = words("""
    iphone|ipad|ipod|android|samsung|galaxy|blackberry|huawei|xiaomi|nokia|outlook|mobile|mobil|móvil|phone|
    handy|smartphone|telefon|telephone|téléphone|teléfono|celular|windows|mail|correo|courrier|tablet|device|
    watch|gerät|手机|yahoo|proton|tutanota|surface|thunderbird|k-9|verizon|t-mobile|at&t|vodafone|o2|app|
    airmail|spark|superhuman|mutt|lenovo|motorola|oneplus|pixel|htc|lg|sony|xperia|kindle|puhelimesta|iphonesta|
    ipadista|free.fr|tapatalk|siri|телефон|устройств|почт
""")

# What people add behind such a mark, or how the longer ones of them end.
BREVITY = words("""
    http|excuse|typo|brevity|forgive|sorry|apolog|autocorrect|auto-correct|spelling|fingers|thumb|mistake|kürze|
    tippfehler|rechtschreib|entschuldig|brièveté|fautes|disculp|brevedad|errores|erreurs|errori|breve|kortfatt|
    stavfel|fejl|krótk|błęd|опечат|краткост
""")
# A sentence about such a mark says what it does.
NO_MARKS = frozenset(
    words("does|doesn't|is|isn't|are|aren't|not|don't|never|appears|shown|cannot|can't|nicht|kein|ist")
)
OFFERS = (["get", "outlook"], ["download", "outlook"])
SENT_FROM_CLOSERS = words("network|gesendet|handheld|smartphone|device|phone|tablet|lte|5g|gönderildi")

# Words that close a letter; what follows is the writer's name. These are formulas only …
CLOSINGS = frozenset(
    words("""
    с ув|с уваж|مع خالص التحية|ขอแสดงความนับถือ|trân trọng cảm ơn|trân trọng kính chào|vriendelike groete|
    v/r|vr|with warm regards|with warmest regards|with kindest regards|with many thanks and regards|kindest|
    with thanks and regards|with thanks & regards|your sincerely|your faithfully|most sincerely|very truly yours|
    yours respectfully|have a lovely day|have a good weekend|have a good evening|have a wonderful day|
    enjoy your weekend|bien cdlt|sincèrement|bises|bisous|bonne fin de semaine|bon après-midi|
    bonne continuation|slds|sldos|saludos y gracias|abs|abrs|terv|terveisin ja kiittäen|kiittäen|pozdr|
    z pozdrowieniami|serdeczne pozdrowienia|miłego dnia|s pozdravem a přáním hezkého dne|s přáním hezkého dne|
    hezký zbytek dne|köszönettel és üdvözlettel|szép napot|üdvözlet|مع تحياتي|مع خالص التحيات|مع الشكر|
    وتفضلوا بقبول فائق الاحترام|تفضلوا بقبول فائق الاحترام|والسلام|با تشکر و احترام|salam hormat|salam hangat|
    yang ikhlas|groetjes|hartelijks|fijne dag|fijne avond|prettige dag|prettig weekend|ha en bra dag|
    ha en fin dag|ha det bra|god helg|trevlig helg|ha en god dag|fortsat god dag|rigtig god dag|
    schönen tag noch|schönen tag|einen schönen tag|schönen abend|einen schönen tag noch|gutes gelingen|
    bis dann und viele grüße|herzlichst|herzliche grüße und bis bald|beste wünsche|mit sonnigen grüßen|
    iyi çalışmalar dilerim|iyi günler dilerim|saygılarımızla|kolay gelsin|με τιμή|καλή συνέχεια|
    ευχαριστώ εκ των προτέρων και με εκτίμηση|приятного дня|хорошего дня|с приветом|искренне ваш|
    с найкращими побажаннями|гарного дня|с поздрав|поздрав|с уважение и благодарност|со почит|s uvazhenie|
    xx|xxx|bests|warmest|warm wishes|very best|very best regards|all my best|my best|kind rgds|with appreciation|
    best regards|kind regards|kindest regards|warm regards|warmest regards|regards|with regards|
    with best regards|with kind regards|many regards|friendly regards|sincere regards|thanks and regards|
    thanks & regards|thanks and best regards|thanks & best regards|thanks and kind regards|
    thank you and regards|thanks/regards|best wishes|all the best|best|cheers|sincerely|yours sincerely|
    sincerely yours|yours truly|yours faithfully|faithfully|yours|respectfully|respectfully yours|cordially|
    warmly|br|rgds|brgds|kr|best rgds|with best wishes|have a nice day|have a great day|have a good day|
    have a great weekend|have a nice weekend|take care|love|xoxo|mit freundlichen grüßen|
    mit freundlichen grüssen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|freundliche grüsse|
    mit besten grüßen|mit besten grüssen|beste grüße|beste grüsse|besten gruß|viele grüße|viele grüsse|
    vielen gruß|viele liebe grüße|liebe grüße|liebe grüsse|herzliche grüße|herzliche grüsse|herzlichen gruß|
    schöne grüße|schöne grüsse|schönen gruß|sonnige grüße|mit herzlichen grüßen|mit vielen grüßen|
    freundlicher gruß|freundlicher gruss|freundlichen gruß|freundlichen gruss|lieber gruß|lieben gruß|
    hochachtungsvoll|gruß|gruss|grüße|grüsse|grüßle|lg|mfg|vg|bg|mit freundlichen gruessen|freundliche gruesse|
    viele gruesse|cordialement|bien cordialement|très cordialement|cordialement vôtre|salutations|
    meilleures salutations|sincères salutations|salutations distinguées|bien à vous|bien à toi|amicalement|
    bonne journée à vous|bonne fin de journée|belle journée|excellente journée|bon week-end|
    bonne journée|bonne soirée|bonne réception|respectueusement|cdlt|cdt|bien sincèrement|
    avec mes meilleures salutations|veuillez agréer|je vous prie d'agréer|saludos|un saludo|saludos cordiales|
    un cordial saludo|cordiales saludos|atentamente|atte|muy atentamente|cordialmente|un abrazo|
    reciba un cordial saludo|quedo atento|quedo a la espera|saludos atentos|cordiali saluti|distinti saluti|
    saluti|un saluto|un cordiale saluto|i migliori saluti|buona giornata|porgo distinti saluti|a presto|
    tanti saluti|atenciosamente|att|abraços|abraço|cumprimentos|com os melhores cumprimentos|
    melhores cumprimentos|saudações|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|
    vriendelijke groeten|hartelijke groet|hartelijke groeten|groet|groeten|groetjes|gr|grtz|mvg|
    met hartelijke groet|
    met groet|hoogachtend|med vänliga hälsningar|med vänlig hälsning|vänliga hälsningar|vänlig hälsning|
    hälsningar|bästa hälsningar|mvh|hälsning|vänligen|med venlig hilsen|venlig hilsen|de bedste hilsner|
    bedste hilsner|mange hilsner|hilsen|hilsner|vh|kh|dbh|med vennlig hilsen|vennlig hilsen|beste hilsen|
    med hilsen|ystävällisin terveisin|terveisin|parhain terveisin|yst. terv|yt|t|z poważaniem|pozdrawiam|
    pozdrawiam serdecznie|serdecznie pozdrawiam|z wyrazami szacunku|pozdrowienia|łączę pozdrowienia|s pozdravem|
    s přátelským pozdravem|s úctou|zdravím|hezký den|s pozdravom|s priateľským pozdravom|üdvözlettel|
    tisztelettel|üdv|köszönettel|с уважением|с наилучшими пожеланиями|всего доброго|всего хорошего|с уважение|
    поздрави|з повагою|з найкращими побажаннями|cu stimă|cu respect|numai bine|cu drag|o zi bună|
    toate cele bune|saygılarımla|iyi çalışmalar|sevgiler|saygılar|iyi günler|με εκτίμηση|
    με φιλικούς χαιρετισμούς|φιλικά|srdačan pozdrav|s poštovanjem|lijep pozdrav|lep pozdrav|lp|pozdrav|
    parimate soovidega|lugupidamisega|heade soovidega|tervitades|ar cieņu|pagarbiai|trân trọng|thân mến|salam|
    hormat saya|hormat kami|salutacions|salutacions cordials|atentament|此致|敬礼|敬禮|祝好|顺颂商祺|顺祝商祺|
    順頌商祺|此致敬礼|敬具|以上|よろしくお願いします|よろしくお願いいたします|宜しくお願いします|
    宜しくお願い致します|감사합니다|드림|올림|בברכה|תודה וברכה|مع أطيب التحيات|تحياتي|مع التحية|با احترام|
    ด้วยความเคารพ|kveðja|bestu kveðjur|
    以上、よろしくお願いいたします|以上、よろしくお願いします|以上、宜しくお願いいたします|以上、宜しくお願い致します|
    以上、よろしくお願い致します|どうぞよろしくお願いいたします|どうぞよろしくお願いします|
    何卒よろしくお願いいたします|何卒よろしくお願い申し上げます|何卒宜しくお願い致します|よろしくお願い申し上げます|
    よろしくお願い致します|宜しくお願い申し上げます|引き続きよろしくお願いいたします|以上です|
    祝工作顺利|祝您工作愉快|祝工作愉快|祝商祺|敬上|谨启|敬啟|수고하세요|수고하십시오|안녕히 계세요|안녕히 계십시오|
    مع الشكر والتقدير|وتفضلوا بقبول فائق الاحترام والتقدير|مع خالص الشكر|تحياتي لكم|בכבוד רב|
    с благодарностью|усього найкращого|щиро ваш|un fuerte abrazo|que tenga un buen día|que tengas un buen día|
    feliz día|reciba un saludo|recibe un cordial saludo|un saludo cordial|muchos saludos|un caro saluto|cari saluti|
    buon lavoro|buona serata|buon weekend|um abraço|forte abraço|grande abraço|cordiais saudações|tenha um bom dia|
    tenha um ótimo dia|vriendelijke groetjes|veel groeten|fijn weekend|prettige dag verder|nog een fijne dag|liefs|
    ha en fin helg|trevlig dag|med bästa hälsningar|allt gott|god weekend|ha' en god dag|rigtig god weekend|
    kærlig hilsen|ha en fin dag videre|vennlige hilsener|beste hilsner|hyvää päivänjatkoa|mukavaa päivää|
    hyvää viikonloppua|ystävällisesti|kunnioittaen|miłego weekendu|życzę miłego dnia|dobrego dnia|přeji hezký den|
    přeji pěkný den|hezký den přeji|s přáním pěkného dne|pěkný den|hezký víkend|s pozdravem a přáním pěkného dne|
    mit kollegialen grüßen|mit kollegialem gruß|mit lieben grüßen|mit besten wünschen|mit vorzüglicher hochachtung|
    schönes wochenende|ein schönes wochenende|schönen feierabend|bis bald|bien amicalement|très bonne journée|
    très belle journée|bonne semaine|cordiales salutations|avec mes cordiales salutations|à bientôt|à très bientôt|
    have a pleasant day|have a good one|talk soon|speak soon|with gratitude|fond regards
""")
)
# Whole sentences that close a letter, by their beginnings.
FORMULAS = words("""
    je vous prie d'agréer|je vous prie de croire|je vous prie de recevoir|nous vous prions d'agréer|
    veuillez agréer|veuillez recevoir|veuillez croire|veuillez accepter, |recevez, |atentamente le saluda|
    sin otro particular|porgo cordiali|porgo distinti|wir verbleiben mit|ich verbleibe mit|
    hoogachtend verblijf|com os melhores cumprimentos, subscrevo|
    je vous souhaite une |nous vous souhaitons une |je te souhaite une |ich wünsche ihnen ein|ich wünsche dir ein|
    wir wünschen ihnen ein|wishing you a |ik wens u een |ik wens je een |życzę |le auguro una |vi auguro una |
    le deseo un |les deseo un |in attesa di |nell'attesa di |quedo a la espera de |en espera de |
    in erwartung ihrer |dans l'attente de |en attendant votre |
""")
# … or by what stands in them …
FORMULAS_WITHIN = (
    "prie d'agréer",
    "vous prie de croire",
    "prions d'agréer",
    "d'agréer, madame",
    "salutations distinguées",
)
# … and a short one says that it greets.
GREETED = (
    "salutations",
    "sentiments",
    "considération",
    "saluda",
    "saluti",
    "grüßen",
    "gruß",
    "cumprimentos",
    "verblijf",
    "verbleib",
    "cordialement",
    "saludo",
    "saludos",
    "bonne journée",
    "bonne soirée",
    "belle journée",
    "excellente journée",
    "schönen tag",
    "schönes wochenende",
    "schönen abend",
    "schöne woche",
    " day",
    "weekend",
    "fijne dag",
    "prettige dag",
    "miłego dnia",
    "buona giornata",
    "buen día",
)
# How a letter begins.
GREETING_WORDS_MAX = 4
GREETINGS = frozenset(
    words("""
    hi|hello|hey|dear|good|greetings|hallo|guten|moin|servus|grüezi|sehr|liebe|lieber|bonjour|bonsoir|salut|hola|
    buenos|buenas|estimado|estimada|estimados|ciao|salve|buongiorno|buonasera|gentile|olá|ola|oi|bom|boa|prezado|
    prezada|prezados|beste|goedemorgen|goedemiddag|dag|hej|hejsan|hei|moi|terve|cześć|dzień|witam|dobrý|ahoj|szia|
    tisztelt|bună|salutare|привет|здравствуйте|добрый|уважаемый|уважаемая|уважаемые|доброго|merhaba|selam|sayın|
    γεια|καλημέρα|שלום|مرحبا|السلام|您好|你好|こんにちは|お世話になっております。|안녕하세요|안녕하세요.
""")
)
# In Korean the name comes first.
CLOSING_ENDS = (" 드림", " 올림", " 배상")
# Formulas that are also words of their own: only with a name below, or a comma behind.
ALSO_WORDS = frozenset(
    words("""
    best|love|yours|t|br|lg|gr|gruß|att|atte|bg|kr|kh|vh|vg|yt|lp|warmly|faithfully|salam|saluti|hilsen|groet|
    abs|mvh|mvg|cdt|xx|xxx|kindest|warmest|bests|zdravím|groeten|salutations|zdravim|love you|t.|take care
""")
)
# … and these also say thanks, which a person means.
THANKS = frozenset(
    words("""
    thank you for your help|thanks for your help|merci de votre aide|merci par avance|
    merci d'avance pour votre aide|vielen dank für ihre hilfe|gracias por su ayuda|thanks|thank you|
    thank you very much|thanks very much|thanks so much|many thanks|thanks a lot|thanks again|thanks in advance|
    thank you in advance|thx|ty|tia|thanks!|much appreciated|danke|vielen dank|besten dank|danke schön|
    danke und gruß|vielen dank im voraus|danke im voraus|herzlichen dank|merci|merci beaucoup|merci d'avance|
    merci d’avance|mille mercis|avec mes remerciements|gracias|muchas gracias|gracias de antemano|grazie|
    grazie mille|molte grazie|obrigado|obrigada|muito obrigado|muito obrigada|bedankt|dank je|dank u|
    alvast bedankt|bij voorbaat dank|tack|tack på förhand|tack så mycket|tak|på forhånd tak|mange tak|takk|
    på forhånd takk|kiitos|kiitos etukäteen|dziękuję|z góry dziękuję|děkuji|děkuji předem|děkujeme|ďakujem|
    köszönöm|спасибо|заранее спасибо|благодаря|дякую|mulțumesc|multumesc|teşekkürler|teşekkür ederim|ευχαριστώ|
    many thanks in advance|thank you so much|thanks for your time|thank you for your time|thanks for your support|
    thank you for your support|thanks for your assistance|thank you for your assistance|thank you for your attention|
    thank you and have a nice day|tks|thks|tnx|vielen dank für deine hilfe|vielen dank für ihre unterstützung|
    vielen dank für ihre bemühungen|danke für ihre hilfe|danke für die hilfe|danke für deine hilfe|
    besten dank im voraus|herzlichen dank im voraus|en vous remerciant par avance|en vous remerciant d'avance|
    en vous remerciant|je vous remercie par avance|je vous remercie d'avance|je vous remercie|merci pour votre aide|
    muchas gracias de antemano|gracias por su atención|gracias por la ayuda|grazie in anticipo|
    la ringrazio anticipatamente|vi ringrazio anticipatamente|ringraziando anticipatamente|obrigado desde já|
    desde já agradeço|agradeço desde já|hartelijk dank|dank alvast|tack för hjälpen|tak for hjælpen|
    takk for hjelpen|kiitos avusta|dziękuję z góry|dziękuję za pomoc|děkuji za pomoc|děkuji mnohokrát|
    большое спасибо|спасибо за помощь|благодарю|заранее благодарю|дуже дякую|şimdiden teşekkürler|
    çok teşekkürler|şimdiden teşekkür ederim|תודה רבה|非常感谢|多谢|
    hvala|谢谢|謝謝|ありがとうございます|고맙습니다|תודה|شكرا|cảm ơn|terima kasih|ขอบคุณ
""")
)
CLOSINGS |= wishes.FORMULAS | wishes.WISHES
ALSO_WORDS |= wishes.WISHES
FAREWELLS = Starts(CLOSINGS | THANKS)
ANY_START = Starts((*FAREWELLS.words, *FORMULAS))


def greets(bare: str) -> bool:
    """Whether a row is nothing but a greeting: "Hi Ann,"."""
    words = bare.lower().split()
    is_short = len(words) <= GREETING_WORDS_MAX or (len(words) <= 2 * GREETING_WORDS_MAX and bare.endswith(","))
    return bool(words) and is_short and words[0].strip(",.!") in GREETINGS
