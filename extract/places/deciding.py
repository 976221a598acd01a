"""Deciding: which unit each mention means, on the publication day.

A candidate gains by what the text says of it: the unit that follows it in a chain, the list it stands in, the units
named before, the paper's province, the type its prefix gives, the day. The best one wins; where several stay equal
the fact keeps them as candidates, with the path they share and a low confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extract.facts import Level, PlaceFact
from extract.passage import Passage
from extract.places import words as vocabulary
from extract.places.bare import bare_is_place
from extract.places.chain import NEAR_CHARS, container, in_smaller_list, units_behind
from extract.places.finding import Mention, find_mentions
from extract.places.scene import Choice, Scene
from extract.places.spelling import letters, spell
from extract.places.units import LEVELS, REFORM, Unit, former_key, load, short_name

# What speaks for a candidate, in points; the order matters more than the sizes.
CHAIN, BROKEN_CHAIN, SAME_NAME, SAME_LIST, PAPER, NEAR, NAMED, TYPE, FORMER = (
    6.0,
    -4.0,
    3.0,
    2.5,
    2.5,
    2.0,
    1.0,
    1.0,
    -2.0,
)
GONE_TYPE = -4.0  # no unit since July 2025 is a thị trấn
SAME_CLAUSE = 80
NAMESAKES = 8  # so many mentions of a name, from the first, tell what it is; a list of addresses has hundreds
TODAY = date.max


def decide(passage: Passage, mentions: list[Mention]) -> list[PlaceFact]:
    """The facts that the mentions amount to, in order."""
    units = load()
    day = passage.published or _era(mentions)
    paper = units.province(passage.province, day) if passage.province else None
    titled = [mention for mention in find_mentions(passage.title) if mention.prefix] if passage.title else []
    scene = Scene(units, day, paper, mentions, titled)
    for level in (*LEVELS, "hamlet"):
        for turn in (1, 2):  # the second turn sees what was decided further down the text
            for mention in mentions:
                choice = scene.chosen.get(id(mention))
                again = turn == 2 and choice is not None and choice.level == level and _may_change(mention, choice)
                if level in mention.levels and (choice is None or again):
                    _choose(scene, mention, level)
    _keep_spellings(scene)
    return [fact for mention in mentions if (fact := _fact(scene, mention)) is not None]


def _may_change(mention: Mention, choice: Choice) -> bool:
    """Whether what stands further down may still tell which of several units is meant; a chain has told it already."""
    return len(mention.keys) > 1 and choice.level != "province" and (choice.unit is None or choice.score < CHAIN)


def _keep_spellings(scene: Scene) -> None:
    """Keep the letters of the text where it writes a name otherwise than the table: "Ngọc Yêu" for "Ngọk"."""
    for mention in scene.mentions:
        unit = scene.unit(mention)
        if unit is None or unit.level == "province" or mention.written.isupper():
            continue
        name = scene.path(unit)[-1]
        if not name[-1].isdigit() and letters(mention.written) != letters(name):
            scene.spelled.setdefault(name, mention.written)


def _era(mentions: list[Mention]) -> date:
    """Without a day: before July 2025 where districts are named, otherwise now."""
    return date(2025, 6, 30) if any(m.prefix and m.levels == {"district"} for m in mentions) else TODAY


def _choose(scene: Scene, mention: Mention, level: Level) -> None:
    candidates = [scene.units.units[key] for key in mention.keys if scene.units.units[key].level == level]
    if level == "province":
        choice = _province(scene, mention, candidates)
    elif level == "hamlet":
        choice = Choice("hamlet", None, container(scene, mention, level))
    else:
        choice = _district_or_commune(scene, mention, level, candidates)
    if choice is not None:
        scene.chosen[id(mention)] = choice
        if choice.unit is not None and level in ("province", "district"):
            scene.outer[choice.unit.key] = choice.unit


def _province(scene: Scene, mention: Mention, candidates: list[Unit]) -> Choice | None:
    named = [unit for unit in candidates if mention.name == spell(scene.path(unit)[0])]
    standing = [unit for unit in named if unit.existed(scene.day)]
    if mention.prefix in ("tp", "thành phố", "t p") or (mention.organ and "district" in mention.levels):
        standing = [unit for unit in standing if scene.units.full(unit.key, scene.day).startswith("Thành phố")]
        named, candidates = standing, _aliased(scene, mention, candidates)
    elif not mention.prefix:
        if in_smaller_list(scene, mention) or (
            mention.name in vocabulary.GUARD and not _beside_province(scene, mention)
        ):
            return None
        districts = [unit for key in mention.keys if (unit := scene.units.units[key]).level == "district"]
        later = not standing and any(unit.existed(scene.day) for unit in districts)  # "Huế" before it was a province
        if (districts and not named) or later or _introduced_district(scene, mention, districts):
            return None
    ranked = standing or [unit for unit in candidates if unit.existed(scene.day)] or named or candidates
    return Choice("province", ranked[0], score=PAPER) if ranked else None


def _introduced_district(scene: Scene, mention: Mention, districts: list[Unit]) -> bool:
    """Whether the paper's own district of that name was named with its prefix: "huyện Quảng Ninh" in Quảng Bình."""
    levels = {other.levels for other in scene.by_name[mention.name] if other.prefix}
    at_home = any(scene.paper is not None and scene.lies_in(unit, scene.paper) for unit in districts)
    namesake = scene.paper is not None and mention.name == spell(scene.paper.name)
    return at_home and not namesake and frozenset({"district"}) in levels


def _aliased(scene: Scene, mention: Mention, candidates: list[Unit]) -> list[Unit]:
    """The candidates of "TP.HCM" and the like: named by an alias, so no district is meant."""
    alias = not any(mention.name == spell(unit.name) for unit in candidates)
    return [unit for unit in candidates if alias and scene.units.full(unit.key, scene.day).startswith("Thành phố")]


def _beside_province(scene: Scene, mention: Mention) -> bool:
    """Whether a list sets it beside a province: "Hà Nội, Hồ Chí Minh"."""
    beside = (mention.listed, mention.next if mention.next and mention.next.listed is mention else None)
    return any(unit is not None and unit.level == "province" for unit in map(scene.unit, beside))


def _district_or_commune(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> Choice | None:
    if mention.prefix is None and not bare_is_place(scene, mention, level, candidates):
        return None
    candidates = _standing_forebears(scene, mention, candidates) or candidates
    outer = container(scene, mention, level, follows=True)
    if outer is not None:
        inside = [unit for unit in candidates if scene.lies_in(unit, outer)]
        binding = level == "commune" and outer.existed(scene.day)
        candidates = inside or ([] if binding else candidates)
    around = _around(scene, mention, level)
    scored = sorted(((_score(scene, mention, unit, around), unit) for unit in candidates), key=lambda pair: -pair[0])
    if level == "commune" and mention.prefix and (not scored or (outer is None and _elsewhere(scene, scored[0][1]))):
        unknown = _unknown_commune(scene, mention, outer)
        if unknown is not None:
            return unknown
    if not scored:
        return None
    best = scored[0][0]
    equal = [unit for score, unit in scored if score > best - 0.25]
    paths = {scene.path(unit) for unit in equal}
    if len(paths) > 1:
        return Choice(level, None, _shared(scene, equal), tuple(equal), best)
    if outer is None and level == "commune":
        outer = scene.district_before(mention)
    old = outer is not None and outer.era == "old" and outer.existed(scene.day) and scene.lies_in(equal[0], outer)
    return Choice(level, equal[0], outer if old else None, (), best)


def _standing_forebears(scene: Scene, mention: Mention, candidates: list[Unit]) -> list[Unit]:
    """The communes of the day that took in one so called, where all that bear the name today were not yet founded."""
    unborn = [unit for unit in candidates if unit.level == "commune" and unit.era == "post" and scene.day < REFORM]
    if not unborn or len(unborn) < len(candidates):
        return []
    kind = vocabulary.KIND.get(mention.prefix or "xã", mention.prefix or "xã")
    keys = scene.units.by_former.get(former_key(f"{kind} {mention.written}"), ())
    units = [unit for key in keys if (unit := scene.units.units[key]).existed(scene.day)]
    return [unit for unit in units if any(scene.lies_in(unit, province) for province in scene.provinces())]


def _elsewhere(scene: Scene, unit: Unit) -> bool:
    """Whether a unit lies in no province that the passage knows, though it knows one."""
    known = scene.provinces()
    return bool(known) and not any(scene.lies_in(unit, province) for province in known)


def _shared(scene: Scene, units: list[Unit]) -> Unit | None:
    """The smallest unit in which all of them lie."""
    chains = [scene.units.chain(unit.key)[:-1] for unit in units]
    shared = [step for step in chains[0] if all(step in chain for chain in chains)]
    return scene.units.units[shared[-1]] if shared else None


def _unknown_commune(scene: Scene, mention: Mention, outer: Unit | None) -> Choice | None:
    """A commune that the table lacks: its container from the chain, or the unit that took it in before 2025."""
    if outer is not None and outer.level == "district":
        return Choice("commune", None, outer, score=PAPER)
    kind = vocabulary.KIND.get(mention.prefix or "", mention.prefix or "")
    takers = [scene.units.units[key] for key in scene.units.by_former.get(former_key(f"{kind} {mention.written}"), ())]
    provinces = [outer] if outer else scene.provinces()
    here = [unit for unit in takers if any(scene.lies_in(unit, province) for province in provinces)]
    districts = {unit.parent for unit in here}
    if len(districts) == 1 and (parent := districts.pop()):
        return Choice("commune", None, scene.units.units[parent], score=PAPER)
    lies_in = outer or scene.district_before(mention, SAME_CLAUSE) or scene.paper
    return Choice("commune", None, lies_in, score=0.0) if lies_in else None


@dataclass(frozen=True, slots=True)
class Around:
    """What the text names around a mention: the larger units of its chain, its list's units, its namesakes' units."""

    chain: list[Unit]
    listed: list[tuple[Level, str | None]]
    same: set[str]
    district: Unit | None  # the one named shortly before


def _around(scene: Scene, mention: Mention, level: Level) -> Around:
    follower = mention.next if mention.next is not None and mention.next.listed is mention else None
    beside = (unit for other in (mention.listed, follower) if (unit := scene.unit(other)) is not None)
    namesakes = (other for other in scene.by_name[mention.name][:NAMESAKES] if other is not mention)
    same = (scene.unit(other) for other in namesakes if other.prefix or not mention.prefix)
    return Around(
        units_behind(scene, mention, level),
        [(unit.level, unit.parent) for unit in beside],
        {unit.key for unit in same if unit is not None},
        scene.district_before(mention, NEAR_CHARS) if level == "commune" else None,
    )


def _score(scene: Scene, mention: Mention, unit: Unit, around: Around) -> float:
    score = 0.0 if unit.existed(scene.day) != mention.bygone else FORMER
    kind = vocabulary.KIND.get(mention.prefix or "", mention.prefix)
    if kind:
        score += TYPE if unit.kind == kind else GONE_TYPE if kind == "thị trấn" and unit.era == "post" else -TYPE / 2
    score += sum(CHAIN if scene.lies_in(unit, outer) else BROKEN_CHAIN for outer in around.chain)
    if scene.paper and scene.lies_in(unit, scene.paper):
        score += PAPER
    holders = {scene.outer[key].level for key in scene.outer.keys() & scene.units.holders(unit.key)} - {unit.level}
    near = holders and around.district is not None and scene.lies_in(unit, around.district)
    siblings = around.listed.count((unit.level, unit.parent))
    return (
        score + SAME_NAME * (unit.key in around.same) + SAME_LIST * siblings + NAMED * len(holders) + NEAR * bool(near)
    )


def _fact(scene: Scene, mention: Mention) -> PlaceFact | None:
    choice = scene.chosen.get(id(mention))
    if choice is None:
        return None
    unit = choice.unit
    if unit is not None and choice.parent is None:
        path = scene.path(unit)
    else:
        name = short_name(scene.units.full(unit.key, scene.day)) if unit else mention.written
        path = (*(scene.path(choice.parent) if choice.parent else ()), name)
    path = tuple(scene.spelled.get(step, step) for step in path)
    former = unit is not None and unit.era != "post" and not unit.existed(scene.day)
    former = former or (unit is None and choice.parent is not None and not choice.parent.existed(scene.day))
    return PlaceFact(
        start=mention.start,
        end=mention.end,
        rule="place." + (mention.prefix or ("organ" if mention.organ else "bare")).replace(" ", "_"),
        confidence=_confidence(mention, choice),
        level=choice.level,
        path=path,
        unit=unit.key if unit else None,
        former=former,
        candidates=tuple(rival.key for rival in choice.rivals),
    )


def _confidence(mention: Mention, choice: Choice) -> float:
    if choice.rivals:
        return 0.3
    if choice.unit is None:
        return 0.5 if choice.parent else 0.3
    return min(0.99, (0.85 if mention.prefix or mention.organ else 0.75) + 0.02 * max(choice.score, 0.0))
