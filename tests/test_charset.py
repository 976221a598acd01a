import pytest

from extract.charset import decode, recover

SENTENCE = (
    "Hội Nông dân xã Vĩnh Thuận vận động nhân dân hiến đất làm đường; nhiều hộ đã góp công, "
    "không để dự án chậm so với kế hoạch của huyện."
)
# The same sentence as the two old fonts write it, shown as Windows-1252 shows those bytes.
IN_TCVN3 = (
    "Héi N«ng d©n x· VÜnh ThuËn vËn ®éng nh©n d©n hiÕn ®Êt lµm ®êng; nhiÒu hé ®· gãp c«ng, "
    "kh«ng ®Ó dù ¸n chËm so víi kÕ ho¹ch cña huyÖn."
)
IN_VNI = (
    "Hoäi Noâng daân xaõ Vónh Thuaän vaän ñoäng nhaân daân hieán ñaát laøm ñöôøng; nhieàu hoä ñaõ goùp coâng, "
    "khoâng ñeå döï aùn chaäm so vôùi keá hoaïch cuûa huyeän."
)


def in_tcvn3(text: str) -> bytes:
    """The bytes of a TCVN3 text: the soft hyphen's byte stands for ư, which the shown form above has lost."""
    return text.replace("®êng", "®\u00adêng").encode("latin-1")


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1252", "no-such-charset"])
@pytest.mark.parametrize(
    "page",
    [
        SENTENCE.encode(),
        b"\xef\xbb\xbf" + SENTENCE.encode(),
        SENTENCE.encode("utf-16"),
        in_tcvn3(IN_TCVN3),
        IN_VNI.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16", "tcvn3", "vni"],
)
def test_every_encoding_gives_the_same_sentence_whatever_was_declared(page: bytes, declared: str | None) -> None:
    assert decode(page, declared) == SENTENCE


def test_windows_1258_is_composed() -> None:
    # Windows-1258 writes most tones as a mark of their own after the vowel.
    page = "Mă\u0323t trâ\u0323n ti\u0309nh và các xa\u0303 đa\u0303 vâ\u0323n đô\u0323ng".encode("cp1258")
    assert decode(page, "windows-1258") == "Mặt trận tỉnh và các xã đã vận động"
    assert decode(page, None) == "Mặt trận tỉnh và các xã đã vận động"


def test_an_old_font_saved_as_utf_8_is_turned_into_unicode() -> None:
    assert recover(IN_TCVN3.replace("®êng", "®\u00adêng")) == SENTENCE
    assert decode(IN_VNI.encode(), "utf-8") == SENTENCE


def test_a_broken_byte_costs_one_letter_only() -> None:
    assert decode(SENTENCE.encode()[:-1] + b"\xe1", "utf-8").startswith("Hội Nông dân xã Vĩnh Thuận")


@pytest.mark.parametrize(
    "text",
    ["", "Plain English, 100 %.", "Le château près de l'île", SENTENCE, "Mô hình “Dân vận khéo” – ½ số hộ ©2024"],
)
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert decode(text.encode(), None) == text


def test_capitals_of_vni() -> None:
    shown = "HOÄI ÑOÀNG NHAÂN DAÂN TÆNH vaø caùc xaõ ñaõ thöïc hieän"
    assert recover(shown) == "HỘI ĐỒNG NHÂN DÂN TỈNH và các xã đã thực hiện"
