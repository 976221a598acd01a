"""More sites and more articles from the same originals, for measuring: further editions of papers, and reprints."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count, islice

from crawler.replica.articles import ReplicaArticle, addressed
from crawler.replica.papers import Paper


def editions(papers: list[Paper], sites: int) -> list[Paper]:
    """`sites` papers: the given ones, then second and third editions of them under ids such as "ayun-2"."""
    more = (
        replace(paper, id=f"{paper.id}-{edition}", name=f"{paper.name} {edition}", host=f"ban{edition}.{paper.host}")
        for edition in count(2)
        for paper in papers
    )
    return [*papers, *islice(more, max(0, sites - len(papers)))]


def reprints(paper: Paper, names: dict[str, str], articles: list[ReplicaArticle], most: int) -> list[ReplicaArticle]:
    """At most `most` originals of other papers as this paper runs them: whole, credited, days later.

    `names` gives the name of each paper by its id.
    """
    own = {article.copy_of or article.id for article in articles if article.site == paper.id}
    chosen = [
        article
        for article in articles
        if article.copy_of is None and article.site != paper.id and article.id not in own
    ]
    return [_reprint(article, paper, names[article.site], rank) for rank, article in enumerate(chosen[:most])]


def _reprint(article: ReplicaArticle, paper: Paper, source: str, rank: int) -> ReplicaArticle:
    reprint = replace(
        article,
        id=f"{article.id}-{paper.id}",
        site=paper.id,
        section=paper.sections[rank % len(paper.sections)][0],
        published=article.published + timedelta(days=1 + rank % 5, minutes=rank),
        authors=(),
        origin=source,
        credit=f"Theo {source}",
        kicker="",
        copy_of=article.id,
        expected=(),
    )
    return addressed(reprint, paper)
