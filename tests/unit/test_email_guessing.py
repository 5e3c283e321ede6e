"""Text whose charset nobody names, or names wrongly, is read by what its bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email.charset_names import codec_name
from bot.channels.email.charsets import decode
from bot.channels.email.guessing import guess

TEXTS = {
    "ru": "Добрый день! Подскажите, пожалуйста, когда будет готов наш заказ и как его получить.",
    "uk": "Доброго дня! Коли буде готове наше замовлення і як його отримати?",
    "el": "Καλημέρα, πότε θα είναι έτοιμη η παραγγελία μας; Ευχαριστώ πολύ για τη βοήθεια.",
    "he": "שלום, מתי תהיה ההזמנה שלנו מוכנה? תודה רבה על העזרה",
    "ar": "مرحبا، متى سيكون طلبنا جاهزا؟ شكرا جزيلا على المساعدة",
    "ja": "こんにちは。注文はいつ届きますか。ご確認をお願いします。",
    "zh": "您好，请问我们的订单什么时候可以送到？谢谢您的帮助。",
    "tw": "您好，請問我們的訂單什麼時候可以送到？謝謝您的幫助。",
    "ko": "안녕하세요. 주문한 물건은 언제 도착하나요? 확인 부탁드립니다.",
    "cs": "Dobrý den, kdy bude naše objednávka připravená? Děkuji za příjemnou spolupráci, žlutý kůň.",
    "pl": "Dzień dobry, kiedy będzie gotowe nasze zamówienie? Dziękuję za życzliwą pomoc, źdźbło.",
    "hu": "Jó napot, mikor lesz kész a megrendelésünk? Köszönöm a segítséget, őszinte üdvözlettel.",
    "tr": "Merhaba, siparişimiz ne zaman hazır olacak? Yardımınız için teşekkür ederim, ığdır.",
    "th": "สวัสดีครับ สินค้าที่สั่งจะมาถึงเมื่อไหร่ ขอบคุณครับ",
    "de": "Guten Tag, wann ist unsere Bestellung fertig? Schöne Grüße aus Köln, müßig.",
    "fr": "Bonjour, où est notre commande passée l'été dernier à l'hôtel ? Ça presse, mon œil.",
}
CODECS = {
    "ru": ("koi8-r", "cp1251", "iso8859-5", "cp866", "mac-cyrillic"),
    "uk": ("koi8-u", "cp1251"),
    "el": ("iso8859-7", "cp1253"),
    "he": ("iso8859-8", "cp1255"),
    "ar": ("cp1256", "iso8859-6"),
    "ja": ("cp932", "euc_jp", "iso2022_jp"),
    "zh": ("gb18030", "hz"),
    "tw": ("big5",),
    "ko": ("euc_kr", "iso2022_kr"),
    "cs": ("iso8859-2", "cp1250"),
    "pl": ("iso8859-2", "cp1250"),
    "hu": ("iso8859-2", "cp1250"),
    "tr": ("cp1254",),
    "th": ("cp874",),
    "de": ("latin-1", "cp850", "mac-roman"),
    "fr": ("cp1252",),
}
ENCODED = [(language, codec) for language, codecs in CODECS.items() for codec in codecs]
FOREIGN = [(language, codec) for language, codec in ENCODED if language not in ("cs", "pl", "hu", "tr", "de", "fr")]


@pytest.mark.parametrize(("language", "codec"), ENCODED)
@pytest.mark.parametrize("declared", ["", "us-ascii", "utf-8", "unknown-8bit"])
def test_undeclared_text_is_read(language: str, codec: str, declared: str) -> None:
    content = TEXTS[language].encode(codec, "ignore")
    assert decode(content, declared) == content.decode(codec)


@pytest.mark.parametrize(("language", "codec"), FOREIGN)
def test_text_of_another_script_that_says_it_is_western_is_read(language: str, codec: str) -> None:
    content = TEXTS[language].encode(codec, "ignore")
    assert decode(content, "iso-8859-1") == content.decode(codec)


def test_every_western_letter_is_read_as_declared() -> None:
    letters = bytes(range(0xA0, 0x100))
    assert decode(b"All the letters there are: " + letters, "iso-8859-1")[-96:] == letters.decode("latin-1")


def test_halves_of_a_letter_in_utf8_become_one() -> None:
    assert decode(b"well \xed\xa0\xbd\xed\xb8\x80 done", "utf-8") == "well 😀 done"


@given(st.binary(max_size=300))
def test_guessing_never_fails(content: bytes) -> None:
    assert isinstance(decode(content), str)
    assert guess(content) == "" or content.decode(guess(content), "replace") is not None


NAMES = [
    ("cp-850", "cp850"),
    ("win-1251", "cp1251"),
    ("x-cp1250", "cp1250"),
    ("IBM 852", "cp852"),
    ("65001", "utf-8"),
    ("windows-28592", "iso8859-2"),
    ("cp50220", "iso2022_jp_ext"),
    ("iso-8859_1", "cp1252"),
    ("x-iso-8859-15", "iso8859-15"),
    ("cp99999", ""),
    ("x-unknown", ""),
    ("base64", ""),
]


@pytest.mark.parametrize(("name", "codec"), NAMES)
def test_charsets_are_known_by_numbers_and_misspelt_names(name: str, codec: str) -> None:
    assert codec_name(name) == codec


# ---------------------------------------------------------------- Central European text under a Western label

MISLABELLED = {
    "pl": "Dzień dobry, proszę o pomoc. Nie mogę się zalogować do skrzynki, wyświetla się błąd połączenia. Czy można to"
    " naprawić jeszcze dziś? Mam ważną wysyłkę. Dziękuję, Łukasz Wójcik",
    "cs": "Dobrý den, prosím o pomoc s přihlášením. Při otevření stránky se zobrazí chyba a nemůžeme přijímat žádné"
    " objednávky. Můžete se na to ještě dnes podívat? Je to velmi naléhavé, účet měl být připraven včera. Tomáš Dvořák",
}
WESTERN_TEXTS = [
    "Bonjour, où en est notre commande ? L'élève a reçu le cœur du bâtiment : 12 m³ et 5 m². Ça va être prêt à Noël ?",
    "Guten Tag, die Fläche ist 40 m², das Volumen 12 m³/h. Größe, Maß, Öl: »geprüft«. Viele Grüße aus München",
    "¿Cómo está? ¡Mañana llega el pedido nº 5 del señor Núñez! Añada 1½ cucharadas. hola¿qué tal?¡bien!",
    "Perché non è più così? Città, università, virtù, però. Ciò che è già là, lì sarà. Fiø è un cognome.",
    "Kære Søren, køreplanen for tøj og møbler er på vej. Vi ses i Århus. Bø, Tromsø, Gjøvik. Sì, è così. Perché?",
    "Olá, não há solução amanhã? Põe o cartão à mão. Opções: ½, ¼ e ¾ de hora. Três corações.",
    "Hyvää päivää, tilauksemme on myöhässä. Älä unohda: 5 m³ sisältää ¼ osan. Åbo.",
    "See note¹ and note², and the third³ one: 10 µm ± 2. The flow is 3m³ a day, x³y³ and a¹b³ in the formula.",
    "Let x³y and a¹b and c³d and e¹f be given, m³n¹o too.",
    "Ísland: Þórður á afmæli í dag, ætli hann fái köku? Já, örugglega.",
    "Šárka Dvoøáková ordered 3 m³. Žižkov is in Prague, Malmö is not.",
]


# Czech in ISO 8859-2 has no letter that proves it: it stays as it is labelled.
@pytest.mark.parametrize(("language", "codec"), [("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250")])
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
def test_central_european_text_under_a_western_label_is_read(language: str, label: str, codec: str) -> None:
    text = MISLABELLED[language]
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("text", WESTERN_TEXTS, ids=range(len(WESTERN_TEXTS)))
def test_western_text_stays_what_it_is(text: str, label: str) -> None:
    assert decode(text.encode("cp1252"), label) == text


LETTERS = {
    "French": "àâæçéèêëîïôœùûüÿ«»",
    "German": "äöüß»«",
    "Spanish": "áéíñóúü¿¡ºª",
    "Italian": "àèéìòùî",
    "Danish": "æøåéÆØÅ",
    "Portuguese": "ãáàâçéêíõóôúü",
    "Icelandic": "áðéíóúýþæö",
    "Finnish": "äöåšž",
}


@pytest.mark.parametrize("language", LETTERS)
@given(choice=st.data())
def test_words_of_no_western_language_are_changed(language: str, choice: st.DataObject) -> None:
    words = st.lists(st.text("abcdefghijklmnoprstuvyz" + LETTERS[language], min_size=1, max_size=12), max_size=60)
    units = st.lists(st.sampled_from(["m³", "m²", "x¹", "½", "¼", "¾", "5m³/h", "«oui»", "10 µm", "§ 3¹"]), max_size=12)
    text = " ".join([*choice.draw(words), *choice.draw(units)])
    try:
        text.encode("ascii")
    except UnicodeEncodeError:
        raw = text.encode("cp1252")
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            assert decode(raw, "iso-8859-1") == text


def test_rows_of_quotation_marks_are_no_chinese() -> None:
    text = "«««««««« »»»»»»»» ««»»««»»"
    assert decode(text.encode("cp1252"), "iso-8859-1") == text
