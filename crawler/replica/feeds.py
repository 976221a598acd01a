"""What machines read of a paper: robots.txt, sitemaps in four shapes, and RSS."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from crawler.replica.articles import ReplicaArticle
from crawler.replica.papers import Family, Paper

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
FEED_LENGTH = 20


def robots(home: str, family: Family) -> str:
    """The paper's robots.txt: print twins and searches by parameter stay out of bounds."""
    lines = [
        "User-agent: *",
        "Disallow: /print/",
        "Disallow: /in-trang/",
        "Disallow: /Home/Print/",
        "Disallow: /admin/",
    ]
    if family.in_robots:
        lines.append(f"\nSitemap: {home}sitemap.xml")
    return "\n".join(lines) + "\n"


def sitemaps(home: str, family: Family, articles: Sequence[ReplicaArticle]) -> dict[str, bytes]:
    """The sitemap files of a paper by path; empty for a family that has none."""
    if family.sitemap is None:
        return {}
    if family.sitemap == "plain":
        return {"/sitemap.xml": _urls(articles)}
    groups: dict[str, list[ReplicaArticle]] = defaultdict(list)
    months = family.sitemap == "months"
    for article in articles:
        day = article.published
        name = f"sitemaps/news-{day.year}-{day.month}.xml" if months else f"sitemap-article-{day.year}.xml"
        groups[name].append(article)
    # The monthly files are gzip without saying so in their name, as sggp.org.vn's are.
    files = {
        f"/{name}": gzip.compress(_urls(group), mtime=0) if months else _urls(group) for name, group in groups.items()
    }
    entries = [
        f"<sitemap><loc>{home}{name}</loc><lastmod>{max(_changed(article) for article in group)}</lastmod></sitemap>"
        for name, group in sorted(groups.items())
    ]
    index = f'{HEAD}<sitemapindex xmlns="{SITEMAP}">\n' + "\n".join(entries) + "\n</sitemapindex>\n"
    return files | {"/sitemap.xml": index.encode()}


def rss(paper: Paper, home: str, section: str, articles: Sequence[ReplicaArticle]) -> str:
    """The newest articles of a section as RSS 2.0, descriptions in CDATA with a picture first, no author."""
    newest = sorted(articles, key=lambda article: article.published, reverse=True)[:FEED_LENGTH]
    head = f"<title>{escape(paper.name)} - {escape(section)}</title><link>{home}</link><language>vi-vn</language>"
    items = "\n".join(_item(article, home) for article in newest)
    return f'{HEAD}<rss version="2.0"><channel>{head}\n{items}\n</channel></rss>\n'


def _item(article: ReplicaArticle, home: str) -> str:
    picture = f'<a href="{article.url}"><img src="{home}image/news/{article.number}.png"></a>'
    when = format_datetime(article.published)
    return (
        f"<item><title>{escape(article.title)}</title><link>{article.url}</link><guid>{article.url}</guid>"
        f"<description><![CDATA[{picture}{article.lead}]]></description><pubDate>{when}</pubDate></item>"
    )


def _urls(articles: Sequence[ReplicaArticle]) -> bytes:
    entries = (f"<url><loc>{escape(a.url)}</loc><lastmod>{_changed(a)}</lastmod></url>" for a in articles)
    return (f'{HEAD}<urlset xmlns="{SITEMAP}">\n' + "\n".join(entries) + "\n</urlset>\n").encode()


def _changed(article: ReplicaArticle) -> str:
    return (article.modified or article.published).isoformat()
