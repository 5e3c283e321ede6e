"""What servers, lists and services put below or above a person's words: disclaimers, footers, warnings.

Tables only, lower case; how they are used stands in `footers`.
"""

from __future__ import annotations

from bot.channels.email.wordlist import Starts, words

# How the paragraph begins that a company's server adds, alone or among other sentences …
DISCLAIMERS = Starts(
    words("""
    this e-mail|this email|this message|this communication|this electronic|this transmission|this mail|
    this document|the information contained|the information in this|the information transmitted|
    the contents of this|the content of this|the contents in this|information contained in this|the e-mail|
    internet e-mail|e-mail transmission|email transmission|e-mails are|emails are|diese e-mail|diese mail|
    diese nachricht|dieses e-mail|der inhalt dieser|die in dieser|die vorliegende|vertraulich|ce message|
    cet e-mail|cet email|ce courriel|ce mail|ce courrier|le présent|este mensaje|este correo|este e-mail|
    este email|el contenido de este|esta mensagem|o conteúdo|questo messaggio|questa e-mail|questa mail|
    la presente|il presente|il contenuto|dit bericht|deze e-mail|dit e-mail|dit mail|de informatie|de inhoud|
    aan dit bericht|detta meddelande|detta e-post|den här|denne e-mail|denne mail|denne e-post|denne meddelelse|
    tämä viesti|tämä sähköposti|ta wiadomość|niniejsza|treść tej|wiadomość ta|tento e-mail|tato zpráva|
    obsah tohoto|táto správa|ez az üzenet|это сообщение|данное сообщение|настоящее|настоящото|содержание данного|
    acest mesaj|acest e-mail|bu e-posta|bu mesaj|bu elektronik|本邮件|此邮件|本電子郵件|此電子郵件|このメール|
    le informazioni contenute|les informations contenues|la información contenida|as informações contidas|
    本メール|이 메일|본 메일|if you are not the|any views|the views expressed|views expressed|the opinions|
    e-mail confidentiality|email confidentiality|wichtiger hinweis|wichtig: diese|hinweis:|avertissement|
    attention : ce|message confidentiel|de conformidad con|conforme a lo|en cumplimiento de|
    os dados|let op: de|aan deze e-mail|aan de inhoud|informacje zawarte|wiadomość|zpráva|הודעה זו|
    דואר אלקטרוני זה|המידע|هذه الرسالة|هذا البريد|تحتوي هذه|本电子邮件|此电子邮件|本信件|本電郵|本e-mail|이 메시지|
    ข้อความนี้|อีเมลนี้|thư này|email này|pesan ini|e-mel ini|το παρόν|αυτό το μήνυμα|αυτό το email|данное письмо|
    это электронное|це повідомлення|това съобщение|настоящето|ova poruka|ova e-mail|ovaj e-mail|to sporočilo|
    recipients should check|recipients are advised|the recipient should check|you should carry out your own virus|
    see e-kiri|tento email|tento mail|ezen üzenet|a jelen|jelen üzenet|ez az e-mail|prezentul|acest email
""")
)
DISCLAIMERS_GENERIC = Starts(
    words("""
    please note that|please be advised|the sender|we have taken|nothing in this|in accordance with|pursuant to|
    privileged|confidential|private and confidential|die information|les informations|l'information|ai sensi|
    le informamos|la información|the views|any views|unless otherwise|unauthorized|unauthorised|en cumplimiento|
    a informação|as informações|le informazioni|if you are not the intended|if you have received this|
    if you received this|caution|warning|notice|important|note:|attention|important notice|important:
""")
)
# … words of which it holds several …
DISCLAIMER_WORDS = words("""
    confidential|confidencia|confidenzial|
    intended recipient|intended solely|intended only|intended for|privileged|addressee|delete|
    notify|destroy|disclos|in error|by mistake|copying|distribution|unauthorized|unauthorised|virus|liability|
    liable|monitored|do not necessarily|does not necessarily|legally|proprietary|registered in|
    registered office|authorised and regulated|vertraulich|empfänger|adressat|vernichten|löschen|unbefugt|
    irrtümlich|confidentiel|destinataire|expéditeur|détruire|confidencial|destinatari|destinatár|por error|
    por engano|riservat|per errore|vertrouwelijk|geadresseerde|bestemd|ten onrechte|vernietigen|konfidentiell|
    mottagare|radera|fortrolig|modtager|mottaker|luottamuksell|vastaanottaja|poufn|adresat|důvěrn|dôvern|
    adresát|bizalmas|címzett|конфиденциальн|адресат|получател|confidenţial|confidențial|gizli|alıcı|保密|機密|
    机密|기밀|수신자|εμπιστευτικ|gdpr|rgpd|protección de datos|protection des données|datenschutz|gesetz|legge|
    d.lgs|2016/679|distrugg|elimin|apague|remova|przeznaczon|usunięci|skasow|určen|smaž|vymaž|предназнач|удал|
    ошибк|yalnızca|silin|yanlışlıkla|收件人|仅限|仅供|删除|刪除|误收|誤|削除|送信者|수신인|삭제|נמען|סודי|מחק|
    בטעות|חסוי|سري|المرسل إليه|حذف|ความลับ|bảo mật|người nhận|rahasia|penerima|hapus|rechten worden ontleend|
    παραλήπτη|povjerlj|zaupn|primatelj|naslovnik|поверител|izbriš|изтри|greškom|pomotoma|грешка|namijenjen|namenjen|
    disclaimer|reproduc|prohibited|strictly|verboden|interdit|prohibid|tutelat|dati personali|datos personales|
    données personnelles|personenbezogen|dados pessoais|danych osobowych|rodo|
    beregnet på|avsett|avsedd|tarkoitettu|esclusivamente|diffusion|difusión|divulg|ausschließlich|uitsluitend|exclusiv
""")
# … and headings that need no such proof.
DISCLAIMER_HEADINGS = Starts(
    words("""
    disclaimer|confidentiality notice|confidentiality note|confidentiality statement|confidentiality:|
    email disclaimer|e-mail disclaimer|legal disclaimer|legal notice|notice of confidentiality|
    privileged & confidential|privileged and confidential|confidential notice|confidentiality caution|
    notice to recipient|trend micro email notice|statement of confidentiality|haftungsausschluss|
    vertraulichkeitshinweis|avis de confidentialité|
    clause de confidentialité|aviso legal|aviso de confidencialidad|cláusula de confidencialidad|
    aviso de confidencialidade|avviso di riservatezza|clausola di riservatezza|klauzula poufności|免责声明|
    保密声明|ansvarsfraskrivelse|rechtlicher hinweis
""")
)
# What says who a company is, of which a last paragraph holds several.
REGISTRATION = words("""
    registered in|registered office|registration no|registered no|company no|company number|company registration|
    vat no|vat reg|vat id|vat number|amtsgericht|registergericht|handelsregister|hrb |hra |ust-id|ustid|ust.-id|
    steuernummer|geschäftsführ|sitz der gesellschaft|vorstand:|aufsichtsrat|r.c.s|rcs |siret|siren |au capital|
    tva |p.iva|p. iva|partita iva|cap. soc|capitale sociale|r.e.a|kvk|k.v.k|btw|cvr|org.nr|org. nr|orgnr|
    y-tunnus|nip |nip:|regon|krs|kapitał zakładowy|ičo|dič|cégjegyzék|adószám|cnpj|инн |огрн|registro mercantil|
    c.i.f|cif:|abn |acn |gstin
""")
# … unless the person tells them: an invoice wants them.
TELLING = words("""
    our vat|our company|our tax|our bank|our new|please |my |unsere ust|unsere steuer|unsere neue|bitte |lautet|
    lauten|notre siret|notre tva|notre numéro|nuestro cif|nuestro nif|la nostra|onze btw|ons btw|vårt org|nasz nip
""")
# Slogans against printing a mail: that, and what it is good for, in one paragraph.
PRINTING = words("""
    print this|printing this|imprimer|imprimez|imprimir|imprima|stampare|stampa questa|ausdrucken|ausgedruckt|drucken|
    afdrukken|afdrukt|print deze|skriver ut|skriva ut|udskriv|skriv ut|tulosta|wydruk|drukow|vytisk|tiskn|nyomtat|
    распечат|yazdır|打印|印刷
""")
NATURE = words("""
    environment|environnement|si nécessaire|medio ambiente|si no es necesario|meio ambiente|l'ambiente|
    se non è necessario|umwelt|milieu|miljö|miljø|ympäristö|środowisk|životní prostředí|životné prostredie|környezet|
    окружающ|природ|çevre|環境|环境|環保
""")
# Whom a disclaimer speaks of, however it begins.
RECIPIENTS = words("""
    intended recipient|named recipient|addressee|intended for|intended solely|empfänger|adressat|destinatár|destinatari|
    destinataire|destinatar|geadresseerde|mottagare|modtager|mottaker|vastaanottaja|adresát|címzett|адресат|получател|
    alıcı|收件人|收件者|受信|宛先|수신|נמען|المرسل إليه|παραλήπτη
""")
# Footers of lists, virus scanners and services: they and what follows are nobody's words.
FOOTERS = Starts(
    words("""
    you received this message because|you received this email because|vous recevez ce message, car|
    vous recevez ce message parce|vous avez reçu ce message, car|vous avez reçu ce message parce|
    sie erhalten diese nachricht, weil|sie haben diese nachricht erhalten, weil|has recibido este mensaje porque|
    recibió este mensaje porque|você recebeu essa mensagem porque|você está recebendo esta mensagem porque|
    recebeu esta mensagem porque|hai ricevuto questo messaggio perché|u ontvangt dit bericht omdat|
    je hebt dit bericht ontvangen omdat|otrzymujesz tę wiadomość, ponieważ|du får det här meddelandet eftersom|
    вы получили это сообщение, поскольку|вы получили это сообщение, так как|このメールは google グループ|
    您收到此邮件是因为|您收到此郵件|._,_.|el software de antivirus|este correo electrónico ha sido comprobado|
    este correo electrónico ha sido analizado|este mensaje ha sido analizado|проверено антивирус|
    ta wiadomość została sprawdzona|o software de antivírus|questa e-mail è stata controllata|
    deze e-mail is gecontroleerd|dit e-mailbericht is gecontroleerd|denne e-mail er kontrolleret|
    tento e-mail byl zkontrolován|táto správa bola skontrolovaná|ezt az e-mailt az avast|
    detta e-postmeddelande har sökts|tämä sähköpostiviesti on tarkistettu|
    informace od eset|informácie od eset|informationen von eset|information provenant d'eset|
    información de eset|informazioni da eset|information from nod32|
    click here <https://www.mailcontrol|click here to report this email as spam|thread::|
    administratorem pani|administratorem pana|administratorem twoich danych|administratorem państwa danych|
    administratorem danych|sent from mailspring|
    informationen zur verarbeitung|hotmail: free|
    you are receiving this because|you are receiving this email|you are receiving this e-mail|
    you are receiving this message|you are receiving this mail|you are receiving this notification|
    you are receiving this newsletter|you're receiving this because|you're receiving this email|
    you're receiving this message|you're receiving this notification|you have received this message because|
    to post to this group|to stop receiving|
    for more options, visit this group|for more options, visit https://groups|to view this discussion|
    to manage your subscription|save paper - |save paper – |save paper, think|save paper and |save trees|
    follow us:|follow us @|
    unsere hinweise zum datenschutz|weitere informationen zum datenschutz|unsere informationen zum datenschutz|
    quoted text hidden|think before you print|this email has been checked for viruses|
    this e-mail has been checked for viruses|
    this email has been scanned|this message has been scanned|this e-mail has been scanned|
    diese e-mail wurde von avast|l'absence de virus|libre de virus|privo di virus|sans virus|no virus found|
    checked by avg|this email is free from viruses|this message was scanned|do you yahoo|yahoo! groups links|
    mailscanner has|
    hotmail: trusted|reply to this email directly|view it on github|
    you can view, comment on|mute the thread|esta mensagem foi verificada|
    the following section of this message contains|groups.io links:|yahoo groups links|informationen zum datenschutz|
    hinweise zum datenschutz|für informationen zum datenschutz
""")
)
# "IMPORTANT: The contents of this email …"
SIGNALS = ("important: ", "note: ", "notice: ", "warning: ", "attention: ", "please note: ", "wichtig: ", "achtung: ")
# What a company says of what it takes no blame for, wherever the name of the company stands …
NO_LIABILITY = words("""
    accepts no liability|accept no liability|accepts no responsibility|accept no responsibility|
    cannot accept any liability|cannot accept liability|cannot accept any responsibility|no liability is accepted|
    does not accept any liability|does not accept liability|do not accept liability|keine haftung|
    décline toute responsabilité|no se hace responsable|non si assume alcuna responsabilità|
    não se responsabiliza|geen aansprakelijkheid|tar inget ansvar|fraskriver sig ethvert ansvar
""")
ASKING = words("please tell|please let|please send|please explain|please help|can you|could you|bitte sagen|können sie")
ITS_MAIL = words("""
    this email|this e-mail|this message|this communication|its transmission|transmitted|virus|diese e-mail|
    dieser e-mail|
    diese nachricht|ce message|este mensaje|este correo|questo messaggio|esta mensagem|dit bericht|deze e-mail|denna|
    denne
""")
# … and of what becomes of the reader's data, with a link.
PRIVACY = words("""
    privacy policy|privacy notice|privacy statement|datenschutzerklärung|datenschutzhinweis|
    politique de confidentialité|política de privacidad|política de privacidade|informativa sulla privacy|
    informativa privacy|privacyverklaring|polityka prywatności|polityce prywatności
""")
DATA = words("""
    personal data|personal information|your data|your information|personenbezogen|ihre daten|données personnelles|
    vos données|datos personales|sus datos|dati personali|dados pessoais|persoonsgegevens|danych osobowych
""")
# What scanners write below a mail: what was done to it, and by which product or against what.
SCANNED = Starts(
    words("""
    scanned by|scanned with|scanned and |virus scanned|checked by|checked with|checked and |protected by|verified by
""")
)
SCANNED_MAILS = Starts(
    words("""
    this email was scanned|this email was checked|this e-mail was scanned|this e-mail was checked|
    message protected by|this message is protected by|this email is protected by|e-mail protected by|
    this mail was scanned|this mail was checked|this message was scanned|this message was checked|
    this mail has been scanned|this mail has been checked|this message has been checked|outgoing mail is certified|
    this message contains no virus|this email is virus free|this mail is virus free|
    diese e-mail wurde|diese mail wurde|diese nachricht wurde|ce message a été|cet email a été|ce courriel a été|
    este correo ha sido|este email ha sido|este mensaje fue|questo messaggio è stato|questa mail è stata|
    esta mensagem foi|este email foi|dit bericht is|deze mail is|detta meddelande har|denne mail er|
    ta wiadomość została|tento e-mail byl|сообщение проверено|это сообщение проверено
""")
)
HARMS = ("virus", "viren", "malware", "spam", "вирус", "wirus")
SCANNERS = words("""
    antivir|fortimail|fortinet|sophos|barracuda|symantec|mcafee|clamav|kaspersky|trend micro|mailscanner|mimecast|
    messagelabs|proofpoint|forcepoint|websense|avast|avg|eset|norton|bitdefender|g data|f-secure|panda|comodo|zonealarm|
    webroot|hornetsecurity|mailguard|amavis|ironport|trustwave|mailmarshal
""")
SCANNED_LETTERS_MAX = 120
# The same where one of these words stands in the paragraph too: a person's sentence may begin like that.
PAIRED_FOOTERS = tuple(
    (Starts(words(starts)), words(signs))
    for starts, signs in (
        (
            """
            before printing this|before you print|bitte prüfen sie|avant d'imprimer|antes de imprimir|
            prima di stampare
            """,
            """
            environment|umwelt|medio ambiente|ambiente|milieu|tree|bäume|planet|necessary|drucken müssen|
            ausgedruckt werden|ausdruck dieser|nécessaire|necesario|necessario|think|pensez|piense|pensa
            """,
        ),
        (
            """
            please consider the environment|please consider your environmental|consider the environment|
            bitte denken sie an die umwelt|pensez à l'environnement|think green|save a tree|p please consider
            """,
            """
            printing|you print|to print|print this|print it|not print|n't print|drucken|imprim|stampa|e-mail|email|
            this mail|diese mail|ce mail
            """,
        ),
        (
            """
            follow us on|find us on facebook|find us on linkedin|like us on facebook|connect with us on|
            folgen sie uns auf|suivez-nous sur|síguenos en|seguici su|siga-nos n|volg ons op
            """,
            "facebook|twitter|linkedin|instagram|youtube|xing|tiktok|http|www.",
        ),
        ("information from eset", "antivirus|nod32|security|signature"),
        (
            """
            our privacy policy|our privacy notice|unsere datenschutz|datenschutzhinweise|manage your subscription|
            msn hotmail|join the world's largest|find your perfect|express yourself instantly|virus-free|virenfrei
            """,
            "http|www.|.com|@|click here|finden sie|finden sich|avast|avg",
        ),
        ("ref:_00d", ":ref"),
    )
)
# Links that only the footers of virus scanners hold.
FOOTER_LINKS = words("avast.com/sig-email|avg.com/email-signature|mailwasher.net|incredimail.com")
# The same, if a link or an address follows.
UNSUBSCRIBE = Starts(
    words("""
    to unsubscribe|unsubscribe|click here to unsubscribe|pour se désabonner|pour vous désinscrire|para cancelar|
    per disiscriversi|per annullare|zum abmelden|zum abbestellen|to change your subscription|subscribe/unsubscribe|
    list-unsubscribe|to post a message|to be removed|update your preferences|manage your preferences|
    um sich abzumelden|abmelden|pour vous désabonner|se désinscrire|para darse de baja|per cancellarti|
    om u af te melden|afmelden
""")
)
# Whatever may begin a footer: nearly no row does.
ANY_FOOTER = Starts(
    (
        *(word for starts, _ in PAIRED_FOOTERS for word in starts.words),
        *FOOTERS.words,
        *SCANNED.words,
        *SCANNED_MAILS.words,
        *UNSUBSCRIBE.words,
    )
)
# Warnings that a company's server puts on top of mail from outside.
BANNERS = Starts(
    words("""
    [external email|[external sender|[external mail|[extern]|[externe|external:|*** external|<external>|
    zjqcmqryfpfptbannerstart|mail externe|e-mail externe|courriel externe|mensaje externo|correo externo|
    email esterna|messaggio esterno|externt e-post|wiadomość zewnętrzna|e-mail from outside|
    caution: this email|caution: this e-mail|caution: this message|caution: external|caution - external|
    caution!|external email|external sender|external message|[external]|*external|warning: this email|
    warning: external|this email originated|this message originated|this email is from an external|
    this message is from an external|this email was sent from outside|this message was sent from outside|
    you don't often get email|you don’t often get email|some people who received this message don't often|
    some people who received this message don’t often|some content in this message has been blocked|
    achtung: diese e-mail|achtung: externe|externe e-mail|attention: cet|attention : cet|attention: this email|
    precaución: este|let op: deze|eksterne e-mail|sie erhalten nicht oft|sie erhalten nicht häufig|
    vous n’obtenez pas souvent|vous ne recevez pas souvent|no suele recibir correos|non si ricevono spesso|
    this sender is from outside|the sender of this email is external|use caution with links
""")
)
