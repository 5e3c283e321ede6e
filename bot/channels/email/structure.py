"""What mail programs say through their HTML: here is a quote, here begins the older mail, here is a signature.

The names are those that the programs write today and wrote in mails that are still answered. A name that a stranger
forges only changes how much of his own mail is folded away.
"""

from __future__ import annotations

from collections.abc import Mapping

QUOTE = "quote"  # the element holds text of an older mail
MAYBE = "maybe"  # the element looks like a quote; it is one if something older was announced above
HISTORY = "history"  # from this element on, to the end of the mail, everything is older
ATTRIBUTION = "attribution"  # the element says who wrote what follows
SIGNATURE = "signature"
HIDDEN = "hidden"

# Class, id or name of an element → what it means. Yahoo, Airmail and others append numbers, hence PREFIXES.
MEANINGS = {
    "gmail_attr": ATTRIBUTION,
    "gmail_signature": SIGNATURE,
    "gmail_signature_prefix": SIGNATURE,
    "moz-cite-prefix": ATTRIBUTION,
    "moz-signature": SIGNATURE,
    "moz-txt-sig": SIGNATURE,
    "divrplyfwdmsg": HISTORY,  # Outlook on the web
    "appendonsend": HISTORY,
    "stopspelling": HISTORY,  # Hotmail
    "outlookmessageheader": HISTORY,
    "olk_src_body_section": QUOTE,  # Outlook for Mac
    "mac_outlook_signature": SIGNATURE,
    "signature": SIGNATURE,
    "ms-outlook-mobile-signature": SIGNATURE,
    "ms-outlook-mobile-body-separator-line": SIGNATURE,
    "mail-editor-reference-message-container": QUOTE,
    "ms-outlook-mobile-reference-message": QUOTE,
    "applemailsignature": SIGNATURE,
    "linebreakatbeginningofsignature": SIGNATURE,
    "yahoo_quoted": QUOTE,
    "ymail_android_signature": SIGNATURE,
    "protonmail_quote": QUOTE,
    "protonmail_signature_block": SIGNATURE,
    "tutanota_quote": QUOTE,
    "zmail_extra": QUOTE,  # Zoho
    "zwchr": HISTORY,  # Zimbra
    "reply-intro": ATTRIBUTION,  # Roundcube
    "isreplycontent": QUOTE,  # NetEase
    "original-content": HISTORY,  # QQ
    "airmail_on": ATTRIBUTION,
    "clean_bq": QUOTE,
    "messagereplysection": QUOTE,  # Spark
    "messagesignaturesection": SIGNATURE,
    "front-blockquote": QUOTE,
    "front-signature": SIGNATURE,
    "sh-signature": SIGNATURE,  # Superhuman
    "wisestamp": SIGNATURE,
    "freshdesk_quote": QUOTE,
    "-x-evo-signature": SIGNATURE,  # Evolution
    "composer_signature": SIGNATURE,  # Samsung
    "quote": QUOTE,  # GMX and WEB.DE, as the name of a div
}
PREFIXES = {"yahoo_quoted": QUOTE, "bloop_sign": SIGNATURE}


def effect(name: str, attributes: Mapping[str, str]) -> str:
    """What an element of that name and those attributes says of the text in it; "" for nothing.

    name and the keys of `attributes` are lower case.
    """
    style = attributes.get("style", "").lower().replace(" ", "")
    if "display:none" in style or "mso-hide:all" in style:
        return HIDDEN
    for key in ("id", "class", "name"):
        for word in attributes.get(key, "").lower().split():
            if word in MEANINGS and (word != "quote" or key == "name"):
                return MEANINGS[word]
            for prefix, meaning in PREFIXES.items():
                if word.startswith(prefix):
                    return meaning
    if name == "blockquote" and _is_citation(attributes):
        return QUOTE
    if name == "blockquote" and "border-left" in style:
        return MAYBE
    if name == "div" and _is_outlook_rule(style):
        return HISTORY
    return ""


def _is_citation(attributes: Mapping[str, str]) -> bool:
    """Mail programs also offer block quotes for indenting; those carry none of these."""
    if attributes.get("type", "").lower() == "cite" or "cite" in attributes:
        return True
    return "gmail_quote" in attributes.get("class", "").lower()


def _is_outlook_rule(style: str) -> bool:
    """The thin line that Outlook for the desktop, Windows Mail and Foxmail draw over From, Sent, To and Subject."""
    if "border:none" in style and "border-top:solid" in style and "1.0pt" in style:
        return True
    return "border-top:#b5c4df1ptsolid" in style or "border-top-color:rgb(229,229,229)" in style
