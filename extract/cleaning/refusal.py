"""Pages that are no article, and why: listings, searches, missing pages, paywalls, videos, foreign editions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from extract.cleaning.main_text import teaser_share
from extract.cleaning.page import Element, Page, text_of

MISSING = re.compile(
    r"(?:^|\D)404(?:\D|$)|không tìm thấy (?:trang|nội dung|bài|đường dẫn)|trang bạn (?:tìm|yêu cầu)|"
    r"(?:trang|bài viết|nội dung).{0,40}(?:không tồn tại|đã bị (?:xóa|gỡ))|page not found|not found$",
    re.IGNORECASE,
)
SEARCH_PATH = re.compile(r"/(?:tim-kiem|search|timkiem)(?:[/.?]|$)|[?&](?:keyword|keywords|q|s|tukhoa)=", re.IGNORECASE)
SEARCH_TITLE = re.compile(r"^(?:kết quả )?tìm kiếm\b|search results", re.IGNORECASE)
WALL = re.compile(
    r"(?:đăng nhập|đăng ký|trả phí|mua gói|nâng cấp|thuê bao).{0,60}"
    r"(?:đọc (?:tiếp|toàn bộ|đầy đủ)|xem (?:tiếp|toàn bộ))|"
    r"(?:bài viết|nội dung) (?:này )?(?:chỉ )?dành (?:riêng )?cho (?:thành viên|thuê bao|độc giả trả phí|hội viên)",
    re.IGNORECASE,
)
SHORT_BODY = 120  # letters of lead and body together
WALLED_BODY = 900
LONG_NOTICE = 400
SHORT_PAGE = 4000
MANY_HEADLINES = 8
LONG_LINE = 80
MOSTLY = 0.5
PICTURES = 3  # captions from which a page without text is a photo story
HOME = re.compile(r"(?:https?:)?//[^/?#]+/?(?:#.*)?")
LISTED = {"CollectionPage", "ItemList", "SearchResultsPage"}
KHMER = re.compile(r"[\u1780-\u17ff]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
FRENCH = re.compile(r"\b(?:le|la|les|des|une|dans|pour|est|du|et)\b", re.IGNORECASE)


def language_of(text: str) -> str:
    """The language of a text by its letters: "vi", "en", "fr", "km", "zh" or "ru"; "vi" where too short to tell."""
    letters = sum(map(str.isalpha, text)) or 1
    for code, script in (("km", KHMER), ("zh", CHINESE), ("ru", CYRILLIC)):
        if len(script.findall(text)) > letters * 0.3:
            return code
    if letters < 60 or len(VIETNAMESE.findall(text)) > letters * 0.08:
        return "vi"
    words = len(text.split())
    return "fr" if len(FRENCH.findall(text)) > words * 0.15 else "en"


def refusal(page: Page, element: Element | None, url: str | None, fields: Mapping[str, Any]) -> str | None:
    """Why a page is no article, as a short id, or None where it is one; `element` holds the body of its `fields`."""
    title, body, lead, captions = fields["title"], fields["body"], fields["lead"], len(fields["captions"])
    address = url or page.first("canonical", "og:url") or ""
    text = f"{lead} {body}".strip()
    whole = text_of(page.root)
    bare = len(text) < SHORT_BODY and captions < PICTURES
    missing = len(body) < LONG_NOTICE and (MISSING.search(title) or (len(whole) < SHORT_PAGE and MISSING.search(whole)))
    searched = SEARCH_PATH.search(address) or SEARCH_TITLE.search(title) or "SearchResultsPage" in page.types
    reasons = {
        "soft 404": missing,
        "search page": searched,
        "listing": _is_listing(page, element, address)
        or (_is_bare_list(page, body) and (not fields["published"] or (not body and captions < PICTURES))),
        "paywall": len(text) < WALLED_BODY and WALL.search(whole),
        "foreign edition": language_of(f"{title} {text}") != "vi",
        "video without text": bare and _has_video(page),
        "too short": bare,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _has_video(page: Page) -> bool:
    said = (page.first("og:type") or "").startswith("video") or "VideoObject" in page.types
    return said or next(page.root.iter("video"), None) is not None


def _is_listing(page: Page, element: Element | None, address: str) -> bool:
    """A home or section page: said so by the page, or its paragraphs are the teasers of others."""
    if page.types & LISTED and all("datePublished" not in item for item in page.linked):
        return True
    return bool(HOME.fullmatch(address)) or (element is not None and teaser_share(element) > MOSTLY)


def _is_bare_list(page: Page, body: str) -> bool:
    """Many headlines, and hardly a paragraph beside them."""
    paragraphs = [line for line in body.split("\n") if len(line) > LONG_LINE]
    headlines = sum(1 for link in page.root.iter("a") if len((link.text_content() or "").split()) >= 6)
    return headlines >= MANY_HEADLINES and len(paragraphs) < 2
