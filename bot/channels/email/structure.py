"""What mail programs say through their HTML: here is a quote, here begins the older mail, here is a signature.

The names are those that the programs write today and wrote in mails that are still answered. A name that a stranger
forges only changes how much of his own mail is folded away.
"""

from __future__ import annotations

from collections.abc import Mapping

QUOTE = "quote"  # the element holds text of an older mail
MAYBE = "maybe"  # the element looks like a quote; it is one if something older was announced above
HISTORY = "history"  # from this element on, to the end of the mail, everything is older
RULED = "ruled"  # the same, if the text below says so too: people draw such lines as well
ATTRIBUTION = "attribution"  # the element says who wrote what follows
SIGNATURE = "signature"
HIDDEN = "hidden"
BEGINNINGS = frozenset({HISTORY, RULED})

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
    "email-signature": SIGNATURE,
    "email_signature": SIGNATURE,
    "mail-signature": SIGNATURE,
    "hs_signature": SIGNATURE,  # HubSpot
    "gmail-signature": SIGNATURE,
    "freshdesk_quote": QUOTE,
    "-x-evo-signature": SIGNATURE,  # Evolution
    "composer_signature": SIGNATURE,  # Samsung
    "originalmessage": HISTORY,
    "ntes-mailmaster-quote": QUOTE,  # NetEase's desktop and mobile programs
    "ntes-pcmail-signature": SIGNATURE,
    "ntes-pcmac-signature": SIGNATURE,
    "xm_mail_oringinal_describe": HISTORY,  # QQ, spelt as it spells it
    "aolmail_quoted": QUOTE,
    "mail_android_quote": QUOTE,
    "mail_android_message": SIGNATURE,
    "email-quote": QUOTE,
    "missive_quote": QUOTE,
    "mailspring_quote": QUOTE,
    "gmail_quote_attribution": ATTRIBUTION,
    "sh-quoted-content": QUOTE,
    "__sig_pre__": SIGNATURE,  # Zimbra
    "__sig_post__": SIGNATURE,
    "__headers__": HISTORY,
    "__quoted_text__": HISTORY,
    "quote": QUOTE,  # GMX and WEB.DE, as the name of a div
}
PREFIXES = {"yahoo_quoted": QUOTE, "bloop_sign": SIGNATURE, "zm-_id_-sgn": SIGNATURE}


def effect(name: str, attributes: Mapping[str, str]) -> str:
    """What an element of that name and those attributes says of the text in it; "" for nothing.

    name and the keys of `attributes` are lower case.
    """
    style = attributes.get("style", "").lower().replace(" ", "")
    if "display:none" in style or "mso-hide:all" in style:
        return HIDDEN
    if "opacity:0;" in f"{style};":
        return HIDDEN
    if "max-height:0" in style and "overflow:hidden" in style and "max-height:0." not in style:
        return HIDDEN
    for key in ("id", "class", "name", "data-marker"):
        for word in attributes.get(key, "").lower().split():
            own = _own_name(word) if word.startswith(("x_", "ydp")) else word
            # What Outlook shows of a mail is as a whole older or as a whole not.
            if own in MEANINGS and (own != "quote" or key == "name") and (own == word or MEANINGS[own] != HISTORY):
                return MEANINGS[own]
            for prefix, meaning in PREFIXES.items():
                if own.startswith(prefix):
                    return meaning
    if name == "blockquote" and _is_citation(attributes):
        return QUOTE
    # Gmail indents with a border and a margin of its own.
    if name == "blockquote" and "border:none" not in style:
        return MAYBE
    if name == "div" and _is_outlook_rule(style):
        return RULED
    if name == "hr" and "210" in style + attributes.get("width", ""):
        # Foxmail draws this short line above the signature.
        return SIGNATURE if "#b5c4df" in style + attributes.get("color", "").lower() else ""
    return ""


def _own_name(word: str) -> str:
    """A name as its program wrote it: Outlook puts "x_" before those of a mail that it shows, Yahoo its own letters."""
    while word.startswith("x_"):
        word = word[2:]
    return "yahoo_quoted" if word.startswith("ydp") and "yahoo_quoted" in word else word


def _is_citation(attributes: Mapping[str, str]) -> bool:
    """Mail programs also offer block quotes for indenting; those carry none of these."""
    if attributes.get("type", "").lower() == "cite" or "cite" in attributes:
        return True
    return "gmail_quote" in attributes.get("class", "").lower()


def _is_outlook_rule(style: str) -> bool:
    """The thin line that Outlook for the desktop, Windows Mail and Foxmail draw over From, Sent, To and Subject."""
    if "border:none" in style and "border-top:solid" in style and "1.0pt" in style:
        return True
    # The same line as browsers write it, who take a style apart and put it together anew.
    if "border-style:solidnonenone" in style and "border-width:1pt" in style:
        return True
    if "border-top:1ptsolidrgb(225,225,225)" in style or "border-top:1ptsolidrgb(181,196,223)" in style:
        return True
    return "border-top:#b5c4df1ptsolid" in style or "border-top-color:rgb(229,229,229)" in style
