"""What shops and services write by themselves on an order, a payment or a sign-up, without a field that says so.

The subject names such an event, and the text holds set phrases; a person who writes of one asks for something, or says
less. Tables only, lower case.
"""

from __future__ import annotations

from bot.channels.email import courtesy
from bot.channels.email.wordlist import Look, Sayings, Starts, words

SUBJECTS = Starts(
    words("""
    order confirmation|your order |your receipt|your invoice from |your payment |payment confirmation|payment received|
    payment receipt|receipt for your |thank you for your order|thank you for your purchase|thanks for your order|
    reset your |password reset|forgot your password|forgotten password|verify your |please verify your |
    confirm your |please confirm your |your verification code|verification code|your security code|your login code|
    your one-time |your confirmation code|activate your |account activation|welcome to |your account |your item |
    your booking |booking confirmation|your reservation |reservation confirmation|your subscription |
    registration confirmation|thank you for registering|thanks for registering|thanks for signing up|your ticket |
    your tickets|appointment reminder|your appointment |your statement |your delivery |your parcel |your package |
    your shipment |shipping confirmation|dispatch confirmation|invoice |receipt |
    ihre bestellung|deine bestellung|bestellbestätigung|auftragsbestätigung|versandbestätigung|ihre rechnung|
    ihre zahlung|zahlungsbestätigung|passwort zurücksetzen|ihr passwort|bestätigen sie |bitte bestätigen sie |
    ihre registrierung|registrierung|willkommen bei |buchungsbestätigung|ihre buchung|ihr paket|ihre sendung|
    confirmation de votre |votre commande|votre paiement|réinitialis|confirmez votre |bienvenue chez |bienvenue sur |
    votre réservation|votre colis|su pedido|tu pedido|confirmación de |restablec|confirma tu |confirme su |
    bienvenido a |su reserva|conferma ordine|conferma d'ordine|il tuo ordine|il suo ordine|reimposta |conferma la |
    benvenuto |la tua prenotazione|confirmação de |confirmação do |seu pedido|redefin|confirme seu |bem-vindo |
    bevestiging van |uw bestelling|je bestelling|orderbevestiging|wachtwoord |bevestig |welkom bij |orderbekräftelse|
    din beställning|ordrebekreftelse|ordrebekræftelse|din bestilling|tilausvahvistus|potwierdzenie zamówienia|
    twoje zamówienie|potvrzení objednávky|vaše objednávka|подтверждение заказа|ваш заказ|восстановление пароля
""")
)
# What nobody says in a letter of his own …
STRONG = Sayings(
    words("""
    if you did not request this|if you didn't request this|if you did not request a|if you didn't request a|
    if you did not make this request|if you didn't make this request|if you did not create|if you didn't create|
    if you did not sign up|if you didn't sign up|please ignore this email|please ignore this e-mail|
    please ignore this message|you can ignore this email|you can safely ignore|just ignore this email|
    registered name is included|will serve as an official receipt|this code expires|code will expire|
    it expires in|link will expire|link expires|someone requested a password|someone has requested a|
    click the link below to|click on the link below to|click the button below|copy and paste the|
    we will send you another email|we'll send you another email|we will email you when|we'll email you when|
    falls sie diese anfrage nicht|wenn sie dies nicht angefordert|ignorieren sie diese e-mail|
    klicken sie auf den folgenden link|klicken sie auf den link|si vous n'êtes pas à l'origine|
    veuillez ignorer cet e-mail|veuillez ignorer ce message|cliquez sur le lien ci-dessous|si no has solicitado|
    si usted no solicitó|ignore este mensaje|haz clic en el siguiente enlace|haga clic en el siguiente enlace|
    se non hai richiesto|ignora questa email|clicca sul link|se você não solicitou|ignore este e-mail|
    clique no link abaixo|als u dit niet heeft aangevraagd|klik op onderstaande link|если вы не запрашивали
""")
)
# … and what a person may say once.
WEAK = Sayings(
    words("""
    thank you for your order|thanks for your order|thank you for your purchase|thank you for shopping|
    your order number is|order number:|order total|grand total|subtotal|total:|shipping address|delivery address|
    billing address|payment method|track your order|track your parcel|tracking number|order details|order summary|
    estimated delivery|your order has been|has been shipped|has shipped|we will notify you|
    your account has been created|
    your account has been activated|your username is|your user name is|log in at|login at|sign in at|transaction id|
    payment receipt|amount paid|invoice date|booking reference|reservation number|your booking|customer number|
    vielen dank für ihre bestellung|bestellnummer|lieferadresse|rechnungsadresse|zahlungsart|gesamtbetrag|
    gesamtsumme|zwischensumme|sendungsnummer|kundennummer|ihr konto wurde|merci pour votre commande|
    numéro de commande|adresse de livraison|montant total|mode de paiement|gracias por su compra|
    gracias por tu pedido|número de pedido|dirección de envío|grazie per il tuo ordine|numero ordine|
    indirizzo di spedizione|obrigado pela sua compra|número do pedido|endereço de entrega|bedankt voor je bestelling|
    bedankt voor uw bestelling|bestelnummer|verzendadres|afleveradres
""")
)
WEAK_MIN = 3
# A program never speaks of itself so.
FIRST_PERSONS = frozenset(words("i|i'm|i've|ich|mir|je|j'ai|yo|io|eu|ik|jag|jeg|я|мне"))


def tells_of_one(subject: str, look: Look, body_text: str) -> bool:
    """Whether a mail tells of an order or the like. subject: in lower case; look: the beginning of `body_text`."""
    if not SUBJECTS.match(subject) or not FIRST_PERSONS.isdisjoint(look.words) or courtesy.requests(body_text):
        return False
    return STRONG.any_in(look) or sum(1 for _ in WEAK.found(look)) >= WEAK_MIN
