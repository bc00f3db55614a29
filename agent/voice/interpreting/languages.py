"""Languages by their ISO 639-1 codes: what they are called, and which voice speaks them.  Pure."""

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
_VOICES = {"no": "nb", "zh": "cmn", "en": "en-us", "es": "es", "pt": "pt"}
"""Where espeak-ng has another code than ISO 639-1."""


def name_of(language: str) -> str:
    """Return what *language* is called; its code where that is not known here."""
    return _NAMES.get(language, language)


def voice_of(language: str) -> str:
    """Return the voice of espeak-ng that speaks *language*."""
    return _VOICES.get(language, language)
