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
from extract.places.finding import Mention, find_mentions
from extract.places.scene import RANK, Choice, Scene
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
NEAR_CHARS, SAME_CLAUSE = 400, 80
TODAY = date.max


def decide(passage: Passage, mentions: list[Mention]) -> list[PlaceFact]:
    """The facts that the mentions amount to, in order."""
    units = load()
    day = passage.published or _era(mentions)
    paper = units.province(passage.province, day) if passage.province else None
    titled = [mention for mention in find_mentions(passage.title) if mention.prefix]
    scene = Scene(units, day, paper, mentions, titled)
    for level in (*LEVELS, "hamlet"):
        for turn in (1, 2):  # the second turn sees what was decided further down the text
            for mention in mentions:
                choice = scene.chosen.get(id(mention))
                again = turn == 2 and choice is not None and choice.level == level and len(mention.keys) > 1
                if level in mention.levels and (choice is None or again):
                    _choose(scene, mention, level)
    _keep_spellings(scene)
    return [fact for mention in mentions if (fact := _fact(scene, mention)) is not None]


def _keep_spellings(scene: Scene) -> None:
    """Keep the letters of the text where it writes a district or commune otherwise than the table: "Ngọc Yêu" for "Ngọk"."""
    for mention in scene.mentions:
        unit = scene.unit(mention)
        if unit is None or unit.level == "province" or mention.written.isupper():
            continue
        name = short_name(scene.units.full(unit.key, scene.day))
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
        choice = Choice("hamlet", None, _container(scene, mention, level))
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
        if _in_smaller_list(scene, mention) or (
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


def _root(mention: Mention) -> Mention | None:
    """The mention with a prefix at the head of the list in which a bare one stands."""
    root: Mention | None = mention
    while root is not None and root.prefix is None:
        root = root.listed
    return root


def _in_smaller_list(scene: Scene, mention: Mention) -> bool:
    """Whether a bare name goes on a list of smaller units: "các xã An Phú, Tân Hưng"."""
    root = _root(mention)
    if root is None or root.levels & {"province"}:
        return False
    level = min(root.levels, key=lambda level: RANK[level])
    peers = [unit for key in mention.keys if (unit := scene.units.units[key]).level == level]
    if not peers or not root.levels <= {"district", "commune"}:
        return False
    if root.plural:
        return True
    others = [scene.units.units[key] for key in root.keys]
    larger = [unit for key in mention.keys if RANK[(unit := scene.units.units[key]).level] < RANK[level]]
    holds = any(unit.key in scene.units.chain(other.key) for unit in larger for other in others)
    return not holds and any(peer.parent == other.parent for peer in peers for other in others)


def _district_or_commune(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> Choice | None:
    if mention.prefix is None and not _bare_is_place(scene, mention, level, candidates):
        return None
    outer = _container(scene, mention, level, follows=True)
    if outer is not None:
        inside = [unit for unit in candidates if scene.lies_in(unit, outer)]
        candidates = inside or ([] if level == "commune" else candidates)
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


def _container(scene: Scene, mention: Mention, level: Level, follows: bool = False) -> Unit | None:
    """The unit in which a mention lies by the chain behind it, otherwise by what was named before it."""
    behind = _units_behind(scene, mention, level)
    if behind:
        return behind[0]
    if follows:
        return None
    for before in reversed(scene.mentions[: scene.at[id(mention)]]):
        if (unit := scene.unit(before)) and RANK[unit.level] == RANK[level] - 1:
            return unit
    return scene.district_before(mention, NEAR_CHARS) or scene.paper


def _bare_is_place(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> bool:
    """Whether the text bears out that a name without a prefix is a unit of that level."""
    on_street = mention.street and not any(unit.kind in ("thành phố", "thị xã") for unit in candidates)
    if mention.organ or mention.guarded or on_street:
        return mention.organ
    root = _root(mention)
    if root is not None and _in_smaller_list(scene, mention):
        return level in root.levels
    if mention.name in vocabulary.GUARD:
        return _headed(scene, mention, level, candidates)
    titled = [other for other in scene.titled if other.name == mention.name]
    introduced = {
        (other.prefix, other_level)
        for other in (*scene.by_name[mention.name], *titled)
        if other.prefix or (level == "commune" and other is not mention and _level(scene, other) == level)
        for other_level in ([scene.chosen[id(other)].level] if id(other) in scene.chosen else other.levels)
    }
    if introduced:
        levels = {known for _, known in introduced}
        if scene.day >= REFORM and {"district", "commune"} <= levels:
            return level == "commune"  # the one that still is
        seat_only = all(prefix in ("thị trấn", "tt") for prefix, _ in introduced)
        return level in levels or (seat_only and level == "district")
    return _headed(scene, mention, level, candidates) or _known_here(scene, mention, level, candidates)


def _headed(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> bool:
    """Whether a list, its heading or the chain behind gives a bare name that level."""
    root, outer = _root(mention), _container(scene, mention, level, follows=True)
    if (root is not None and level in root.levels) or (mention.headed and level in mention.levels):
        return True
    before = mention.listed
    while before is not None:
        if before.headed:
            return _level(scene, before) == level
        before = before.listed
    inside = outer is not None and any(scene.lies_in(unit, outer) for unit in candidates)
    return inside and outer is not None and outer.level != "province"


def _known_here(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> bool:
    """Whether a bare name is a unit of a province that the passage knows, or one that no other unit is called.

    A commune needs more: to stand in a list beside another or in the name of a school or post; since July 2025 to bear
    the name of a former district or township; to be a special zone.
    """
    here = [unit for unit in candidates if any(scene.lies_in(unit, province) for province in scene.provinces())]
    standing = [unit for unit in candidates if unit.existed(scene.day)]
    if level == "commune":
        if mention.name not in vocabulary.HERO and (_beside_sibling(scene, mention, standing) or mention.body):
            return any(unit in here for unit in standing)
        heirs = [unit for unit in standing if unit in here and _district_heir(scene, mention, unit)]
        return bool(heirs) or any(unit.kind == "đặc khu" for unit in standing)
    if any(unit in here for unit in standing):
        return True
    if scene.day >= REFORM:
        names_one = any(scene.units.units[key].era == "post" for key in mention.keys)
        return bool(here) and not names_one
    homes = {scene.units.chain(key)[0] for key in mention.keys if scene.units.units[key].era == "pre"}
    return len(homes) == 1 and any(unit.kind == "thành phố" for unit in standing)


def _level(scene: Scene, mention: Mention) -> Level | None:
    choice = scene.chosen.get(id(mention))
    return choice.level if choice else None


def _beside_sibling(scene: Scene, mention: Mention, candidates: list[Unit]) -> bool:
    """Whether a list sets a bare name beside a commune of the same district or province: "Ở Ba Tri, Thạnh Phong"."""
    beside = (mention.listed, mention.next if mention.next and mention.next.listed is mention else None)
    siblings = [unit for other in beside if (unit := scene.unit(other)) is not None and unit.level == "commune"]
    return any(unit.parent == sibling.parent for unit in candidates for sibling in siblings)


def _district_heir(scene: Scene, mention: Mention, commune: Unit) -> bool:
    """Whether a commune of today bears the name of a former district or township of its province."""
    former = (scene.units.units[key] for key in mention.keys)
    province = scene.units.units[scene.units.chain(commune.key)[0]]
    seats = (unit for unit in former if unit.era != "post" and (unit.level == "district" or unit.kind == "thị trấn"))
    return any(scene.lies_in(unit, province) for unit in seats)


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
    namesakes = (other for other in scene.by_name[mention.name] if other is not mention)
    same = (scene.unit(other) for other in namesakes if other.prefix or not mention.prefix)
    return Around(
        _units_behind(scene, mention, level),
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
    holders = {outer.level for outer in scene.outer.values() if scene.lies_in(unit, outer)} - {unit.level}
    near = holders and around.district is not None and scene.lies_in(unit, around.district)
    siblings = around.listed.count((unit.level, unit.parent))
    return (
        score
        + SAME_NAME * (unit.key in around.same)
        + SAME_LIST * siblings
        + NAMED * len(holders)
        + NEAR * bool(near)
    )


def _units_behind(scene: Scene, mention: Mention, level: Level) -> list[Unit]:
    """The larger units that the chain behind a mention names, smallest first, past its siblings of a list."""
    found: list[Unit] = []
    before, rank = mention, RANK[level]
    while (step := before.next) is not None:
        choice = scene.chosen.get(id(step))
        larger = choice is not None and RANK[choice.level] < rank
        if (before.apart and larger) or (found and not larger) or (choice and RANK[choice.level] > RANK[level]):
            break
        if choice is not None and choice.unit is not None and larger:
            found.append(choice.unit)
            rank = RANK[choice.level]
        before = step
    return found


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
