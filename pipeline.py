"""The hall of the house: one command a door, and the way of a page through the three rooms; no logic of its own.

Only this module imports crawler, extract and corpus (the doors.py of a room holds the doors that need that room alone);
each door imports what it opens, so that `baotinh --help` is quick.
"""

from __future__ import annotations

import getpass
import json
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, tee
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpus.doors import DAY, DOORS, Doors, as_day, tell, with_db
from corpus.web.doors import users
from crawler.doors import chosen, list_sites, with_catalogue
from extract.doors import DOORS as READING

if TYPE_CHECKING:
    from corpus.store import Corpus
    from crawler.sites import Site

T = TypeVar("T")
SETTINGS = {"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "BAOTINH"}
UNREAD = "files that could not be read"
HARMED = "pages whose record in the archive is missing or harmed (baotinh verify lists them)"


@click.group(cls=Doors, context_settings=SETTINGS)
@click.version_option(package_name="baotinh")
def main() -> None:
    """Báo Tỉnh: facts from Vietnam's provincial press, each tied to its sentence and its page.

    Example: baotinh demo
    """


# The way of a page through the house


def shown(items: Iterable[T], label: str) -> Iterator[T]:
    """The items, with a progress bar on a terminal and a plain line at the end elsewhere (both on standard error)."""
    if sys.stderr.isatty():
        with click.progressbar(items, label=label, file=sys.stderr, show_pos=True) as bar:
            yield from bar
        return
    number = 0
    for item in items:
        yield item
        number += 1
    click.echo(f"{label}: {number}", err=True)


def crawl_sites(corpus: Corpus, sites: Sequence[Site], kind: str, **wishes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Crawls sites into the archive and the pages table; gives the crawler's report, which the run keeps."""
    from corpus.catalogue import save_sites
    from corpus.pages import finished, memory, save_page
    from corpus.store import finish_run, note_run, start_run
    from crawler.crawl import Capture, Plan, Report, crawl
    from extract.version import extractor_version

    save_sites(corpus, [site.record() for site in sites])
    ids = [site.id for site in sites]
    done = finished(corpus, ids, wishes)
    run = start_run(corpus, kind, extractor_version(), {"sites": ids} | wishes)

    def keep(capture: Capture) -> None:
        save_page(corpus, capture.record(), run)

    def note(so_far: Report) -> None:
        note_run(corpus, run, so_far.as_dict())

    plan = Plan(
        sites=list(sites),
        archive=corpus.archive,
        run=f"{kind}-{run:05}",
        memory=memory(corpus, ids, wishes["topic"]),
        finished=done,
        progress=note,
        **wishes,
    )
    report = crawl(plan, keep).as_dict() | {"run": run}
    finish_run(corpus, run, report)
    return report


def clean_pages(corpus: Corpus, sites: Sequence[Site], *, everything: bool = False) -> Counter[str]:
    """Makes articles of the pages that have none yet; counts articles, and pages that are none by reason."""
    from corpus.articles import save_article
    from corpus.duplicates import find_copies
    from corpus.pages import pages_to_clean
    from crawler.archive import read_record
    from crawler.sites import Papers
    from extract.article import clean_page

    papers = Papers(sites)
    counts: Counter[str] = Counter()
    for page in shown(pages_to_clean(corpus, everything=everything), "pages cleaned"):
        try:
            body = read_record(corpus.archive / page["warc_file"], page["warc_offset"]).body
        except (ValueError, OSError) as error:  # one harmed record must not keep the others
            click.echo(f"{page['url']}: {error}", err=True)
            counts[HARMED] += 1
            continue
        url = page["url"] if page["url"].startswith("http") else None
        article = clean_page(body, content_type=page["content_type"] or "", url=url)
        article = replace(article, published=article.published or page["published_hint"])
        site = papers.find(page["site_id"], article.url)
        saved = save_article(
            corpus,
            article,
            url=article.url or page["url"],
            page_id=page["id"],
            site=site.id if site else None,
            province=site.province_on(article.published) if site else None,
        )
        counts["articles" if saved else f"pages that are no article: {article.not_article}"] += 1
    counts["copies found"] = find_copies(corpus)
    return counts


def extract_articles(corpus: Corpus, *, everything: bool = False) -> Counter[str]:
    """Reads the articles that are new, changed or read by other rules; counts articles and facts written."""
    from corpus.articles import articles_to_extract
    from corpus.catalogue import save_units
    from corpus.facts import save_readings
    from corpus.store import finish_run, start_run
    from extract.language import read, records
    from extract.passage import Passage
    from extract.places.records import successors, unit_records
    from extract.version import extractor_version

    save_units(corpus, unit_records(), successors())
    version = extractor_version()
    run = start_run(corpus, "extract", version, {"everything": everything})
    articles, texts = tee(articles_to_extract(corpus, version, everything=everything))
    readings = zip(articles, read(map(Passage.of, texts)), strict=True)
    made = ((article["id"], records(reading)) for article, reading in shown(readings, "articles read"))
    saved = save_readings(corpus, made, run, version)
    counts = Counter(added=saved.added, changed=saved.changed, kept=saved.kept, retired=saved.retired)
    finish_run(corpus, run, counts)
    return counts


def report_counts(counts: dict[str, int]) -> None:
    """Prints counts, one a line, in the order given."""
    for name, number in counts.items():
        click.echo(f"  {number:>8,}  {name}")


# Collect


@main.command()
@with_db
def demo(db: Path) -> None:
    """Crawl a small invented press on this machine and show what was found.

    Starts newspapers on 127.0.0.1, crawls them with the real crawler, cleans, extracts and keeps; the corpus stays.

    Example: baotinh demo
    """
    from corpus.report import figures, summary
    from corpus.store import open_corpus, renew_corpus
    from crawler.replica import open_press
    from crawler.topic import default_phrases

    renew_corpus(db)
    with open_corpus(db) as corpus:
        with open_press() as press:
            click.echo(f"{len(press.sites)} invented newspapers answer on 127.0.0.1; crawling them …", err=True)
            crawl_sites(corpus, press.sites, "demo", topic=default_phrases(), delay=0.0)
            clean_pages(corpus, press.sites)
        extract_articles(corpus)
        click.echo(summary(corpus))
        click.echo(figures(corpus))
    click.echo(
        f"""The papers and their figures are invented; {db} holds them. Now try:
  baotinh search "dân vận khéo" --db {db}
  baotinh search --kind money --min 1000000000 --db {db}
  baotinh export dataset --format xlsx --db {db}
  baotinh serve --db {db}"""
    )


@main.command()
@with_db
@with_catalogue
@click.argument("sites", nargs=-1)
@click.option("--province", help="Only papers of this province, named as before or after July 2025.")
@click.option("--topic", "topics", multiple=True, help="A phrase to look for (may be repeated); '' takes everything.")
@click.option("--since", type=DAY, callback=as_day, help="Only articles published on this day or later.")
@click.option("--until", type=DAY, callback=as_day, help="Only articles published on this day or earlier.")
@click.option("--max-pages", type=click.IntRange(min=1), help="At most so many pages of each site.")
@click.option("--revisit", is_flag=True, help="Ask for every known article again whether it changed.")
@click.option("--delay", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Seconds between requests.")
@click.option("--contact", envvar="BAOTINH_CONTACT", help="An address for the papers' administrators, sent along.")
@click.option("--json", "as_json", is_flag=True, help="Print the crawler's report as JSON.")
def refresh(
    db: Path, catalogue: list[Site], sites: tuple[str, ...], province: str | None, topics: tuple[str, ...],
    as_json: bool, **wishes: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Crawl SITES of the catalogue (all by default), then clean and extract what is new.

    Example: baotinh refresh angiang --since 2024-01-01 --max-pages 50
    """
    from corpus.alarm import with_alarms
    from corpus.report import crawled
    from corpus.store import finish_run, open_corpus
    from crawler.topic import default_phrases

    wanted = chosen(catalogue, sites, province)
    topic = tuple(filter(None, topics)) if topics else default_phrases()
    with open_corpus(db) as corpus:
        report = crawl_sites(corpus, wanted, "refresh", topic=topic, **wishes)
        cleaned = clean_pages(corpus, catalogue)
        extracted = extract_articles(corpus)
        report = with_alarms(corpus, report["run"], report)
        finish_run(corpus, report["run"], report)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else crawled(report))
    if not as_json:
        report_counts(cleaned + extracted)
    sys.exit(1 if report["interrupted"] else 0)


@main.command()
@with_db
@with_catalogue
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--published", type=DAY, callback=as_day, help="The publication day where a file does not say it.")
@click.option("--site", help="The catalogue id of the paper where a file does not say it.")
def ingest(db: Path, catalogue: list[Site], paths: tuple[Path, ...], published: date | None, site: str | None) -> None:
    """Take files and folders of .html, .txt, .mht, .warc and .warc.gz into the corpus.

    Example: baotinh ingest saved-pages/ --site angiang
    """
    from corpus.catalogue import save_sites
    from corpus.pages import save_page
    from corpus.store import finish_run, open_corpus, start_run
    from crawler.archive import Archive
    from crawler.files import read_files
    from extract.version import extractor_version

    paper = chosen(catalogue, [site], None)[0] if site else None
    counts: Counter[str] = Counter()
    with open_corpus(db) as corpus:
        save_sites(corpus, [known.record() for known in catalogue])
        run = start_run(corpus, "ingest", extractor_version(), {"paths": [str(path) for path in paths]})
        hints = {"site": paper.id if paper else None, "published_hint": published and published.isoformat()}
        with Archive(corpus.archive, f"ingest-{run:05}", extractor_version()) as archive:
            for record in shown(read_files(paths), "files read"):
                if record.problem:
                    click.echo(f"{record.url}: {record.problem}", err=True)
                    counts[UNREAD] += 1
                else:
                    save_page(corpus, archive.keep_file(record) | hints, run)
        counts += clean_pages(corpus, catalogue)
        counts += extract_articles(corpus)
        finish_run(corpus, run, counts)
    report_counts(counts)
    sys.exit(1 if counts[UNREAD] else 0)


@list_sites.command("check")
@click.argument("sites", nargs=-1)
@click.option("--delay", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Seconds between requests.")
@click.option("--contact", envvar="BAOTINH_CONTACT", help="An address for the papers' administrators, sent along.")
@click.pass_obj
def check_sites(known: list[Site], /, sites: tuple[str, ...], **wishes: Any) -> None:  # noqa: ANN401
    """Visit SITES (all by default) and say what can be found there, and whether an article cleans well.

    Example: baotinh sites check angiang cantho
    """
    from crawler.check import check, checked
    from extract.article import clean_page

    found = check(chosen(known, sites, None), **wishes)
    articles = {
        id: [clean_page(page.body, content_type=page.content_type, url=page.url) for page in pages]
        for id, (_, pages) in found.items()
    }
    click.echo(checked({id: report for id, (report, _) in found.items()}, articles))
    sys.exit(0 if all(any(not made.not_article for made in each) for each in articles.values()) else 1)


# Extract


@main.command()
@with_db
@with_catalogue
@click.option("--all", "everything", is_flag=True, help="Clean and read everything again, not only what is new.")
def extract(db: Path, catalogue: list[Site], everything: bool) -> None:
    """Clean and read what is new, changed or was read by other rules; people's decisions stay.

    Example: baotinh extract --all
    """
    from corpus.store import open_corpus

    with open_corpus(db, create=False) as corpus:
        report_counts(clean_pages(corpus, catalogue, everything=everything))
        report_counts(extract_articles(corpus, everything=everything))


@main.command()
@with_db
@click.option("--quick", is_flag=True, help="Leave the pages in the archive unread.")
def check(db: Path, quick: bool) -> None:
    """Check the corpus: the file, its full text, its references, and each archived page's digest.

    Example: baotinh check --quick
    """
    from corpus.care import check as wrong
    from corpus.store import open_corpus
    from corpus.verify import archived_pages, harms
    from crawler.archive import verified

    with open_corpus(db, create=False) as corpus:
        read = () if quick else shown(verified(corpus.archive, archived_pages(corpus)), "pages read")
        tell(chain(wrong(corpus), harms(read)))


@main.command()
@with_db
def verify(db: Path) -> None:
    """Check the corpus as `check` does, clean each article's page again, and find its facts' words there.

    Example: baotinh verify --db baotinh.db
    """
    from corpus.care import check as wrong
    from corpus.store import open_corpus
    from corpus.verify import archived_pages, harms, misplaced, without_page
    from crawler.archive import verified
    from extract.article import clean_page

    with open_corpus(db, create=False) as corpus:
        find = misplaced(corpus, lambda body, type_, url: clean_page(body, content_type=type_, url=url).text)
        read = shown(verified(corpus.archive, archived_pages(corpus)), "pages read")
        tell(chain(wrong(corpus), without_page(corpus), harms(read, find)))


# Look


@main.command()
@with_db
@with_catalogue
@click.option("--host", default="127.0.0.1", show_default=True, help="Any other than this machine demands users.")
@click.option("--port", type=click.IntRange(0, 65535), default=8808, show_default=True, help="0 takes a free one.")
def serve(db: Path, catalogue: list[Site], host: str, port: int) -> None:
    """Open the corpus as web pages: by a one-time link on this machine or, once there are users, by name and password.

    Example: baotinh serve --port 8808
    """
    from corpus.web.app import people_sign_in, run
    from corpus.web.session import secret_of
    from corpus.web.web import Settings
    from crawler.archive import read_record

    file = click.get_current_context().meta["catalogue"]
    known = ("--catalogue", str(file)) if file else ()
    settings = Settings(
        path=db,
        secret=secret_of(db),
        token=None if people_sign_in(db) else secrets.token_urlsafe(24),
        owner=getpass.getuser(),
        read_page=lambda file, offset: read_record(file, offset).body,
        refresh=(sys.executable, "-m", "pipeline", "refresh", "--db", str(db), *known),
        sites=[site.record() for site in catalogue],
    )
    run(settings, port, lambda url: click.echo(f"{url}  (Ctrl-C stops it)"), host)


for door in (list_sites, users, *READING, *DOORS):
    main.add_command(door)

if __name__ == "__main__":
    main()
