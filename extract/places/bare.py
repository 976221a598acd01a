"""Bare names: whether the text bears out that a name without a prefix is a unit of a level."""

from __future__ import annotations

from extract.facts import Level
from extract.places import words as vocabulary
from extract.places.chain import bare_list, container, in_smaller_list, root_of_list
from extract.places.finding import Mention
from extract.places.scene import Scene
from extract.places.units import REFORM, Unit

SAME_CLAUSE = 90  # characters within which one commune bears another out
ENOUGH = 3  # bare names in a list that make communes of each other
TOWN = frozenset({"thành phố", "thị xã"})


def bare_is_place(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> bool:
    """Whether the text bears out that a name without a prefix is a unit of that level."""
    on_street = mention.street and not any(unit.kind in TOWN for unit in candidates)
    if mention.organ or mention.guarded or on_street:
        return mention.organ
    chained = _chained(scene, mention, candidates) if level == "district" else None
    root = root_of_list(mention)
    if chained is None and root is not None and in_smaller_list(scene, mention):
        chained = level in root.levels
    if chained is not None:
        return chained
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


def _chained(scene: Scene, mention: Mention, candidates: list[Unit]) -> bool | None:
    """Whether a chain makes a name a district ("xã Thắng Quân (Yên Sơn)") or a part of one ("Hòa An (TP Cao Lãnh)")."""
    after, at = mention.next, scene.at[id(mention)]
    closes = after is not None and after.listed is not mention and after.prefix and "district" in after.levels
    if closes and after is not None and _level(scene, after) in (None, "district"):
        return False
    before = scene.mentions[at - 1] if at else None
    if before is None or before.next is not mention or mention.listed is not None or before.levels != {"commune"}:
        return None
    known = [unit for unit in candidates if unit.existed(scene.day)]
    return True if any(scene.lies_in(unit, province) for unit in known for province in scene.provinces()) else None


def _headed(scene: Scene, mention: Mention, level: Level, candidates: list[Unit]) -> bool:
    """Whether a list, its heading or the chain behind gives a bare name that level."""
    root, outer = root_of_list(mention), container(scene, mention, level, follows=True)
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
    """Whether a bare name is a unit of a province that the passage knows, or one that no other unit is called."""
    here = [unit for unit in candidates if any(scene.lies_in(unit, province) for province in scene.provinces())]
    standing = [unit for unit in candidates if unit.existed(scene.day)]
    if level == "commune":
        return _commune_known_here(scene, mention, standing, here)
    if any(unit in here for unit in standing):
        return True
    if scene.day >= REFORM:
        names_one = any(scene.units.units[key].era == "post" for key in mention.keys)
        return bool(here) and not names_one
    return _named_once(scene, mention, "pre", standing)


def _commune_known_here(scene: Scene, mention: Mention, standing: list[Unit], here: list[Unit]) -> bool:
    """Whether a bare name is a commune's, which takes more than to be one of a province that the passage knows.

    It takes a list beside another; to be the only one, with a number in its name, in the name of a school or post or
    behind "ở"; since July 2025 the name of a former district or township; to be a special zone.
    """
    known = [unit for unit in standing if unit in here]
    if _among_communes(scene, mention) or (_numbered(mention) and len(known) == 1):
        return True
    sibling = _beside_sibling(scene, mention, known) or _after_sibling(scene, mention, known)
    if mention.name not in vocabulary.HERO and (
        sibling or ((mention.body or mention.located) and _only_one(scene, known))
    ):
        return True
    heirs = (unit for unit in known if _district_heir(scene, mention, unit))
    if any(heirs) or any(unit.kind == "đặc khu" for unit in standing):
        return True
    towns = [unit for key in mention.keys if (unit := scene.units.units[key]).level == "district"]
    once = _named_once(scene, mention, "post", towns)
    return once and any(_district_heir(scene, mention, unit) for unit in standing)


def _named_once(scene: Scene, mention: Mention, era: str, towns: list[Unit]) -> bool:
    """Whether one province alone has a unit so called, and that is a town, or the text says that it is a place."""
    homes = {scene.units.chain(key)[0] for key in mention.keys if scene.units.units[key].era == era}
    told = mention.located or mention.body or (len(mention.name.split()) > 2 and not _like_a_person(mention))
    return len(homes) == 1 and any(told or unit.kind in TOWN for unit in towns)


def _like_a_person(mention: Mention) -> bool:
    """Whether a name begins as persons' names do: "Trần Văn Thời"."""
    return mention.written.split()[0].lower() in vocabulary.SURNAME


def _level(scene: Scene, mention: Mention) -> Level | None:
    choice = scene.chosen.get(id(mention))
    return choice.level if choice else None


def _only_one(scene: Scene, candidates: list[Unit]) -> bool:
    """Whether one candidate alone is meant: of the provinces that the passage knows, or of its districts."""
    districts = [unit for unit in scene.outer.values() if unit.level == "district"]
    named = [unit for unit in candidates if any(scene.lies_in(unit, district) for district in districts)]
    return len(candidates) == 1 or len(named) == 1


def _beside_sibling(scene: Scene, mention: Mention, candidates: list[Unit]) -> bool:
    """Whether a list sets a bare name beside a commune of the same district or province: "Ở Ba Tri, Thạnh Phong"."""
    beside = (mention.listed, mention.next if mention.next and mention.next.listed is mention else None)
    siblings = [unit for other in beside if (unit := scene.unit(other)) is not None and unit.level == "commune"]
    return any(unit.parent == sibling.parent for unit in candidates for sibling in siblings)


def _after_sibling(scene: Scene, mention: Mention, candidates: list[Unit]) -> bool:
    """Whether a commune of the same district was named shortly before: "Nhiều nhất là xã A 22 nhà, tiếp đến là B"."""
    if _like_a_person(mention) or " " not in mention.name:
        return False
    for before in reversed(scene.mentions[: scene.at[id(mention)]]):
        if mention.start - before.end > SAME_CLAUSE:
            return False
        sibling = scene.unit(before)
        if sibling is not None and sibling.level == "commune":
            return any(unit.parent == sibling.parent and unit.era != "post" for unit in candidates)
    return False


def _numbered(mention: Mention) -> bool:
    """Whether a name ends in a number of its own: "A Lưới 1", no person's nor a thing's."""
    return mention.name.split()[-1].isdigit()


def _among_communes(scene: Scene, mention: Mention) -> bool:
    """Whether a list of bare names holds communes of the paper's province alone, each name borne by one of them.

    Two names are enough where no other province has a commune so called; otherwise it takes three.
    """
    names = bare_list(mention)
    if scene.paper is None or len(names) < 2 or not all(_sole_commune(scene, name) for name in names):
        return False
    return len(names) >= ENOUGH or all(_of_paper_alone(scene, name) for name in names)


def _sole_commune(scene: Scene, mention: Mention) -> bool:
    """Whether a bare name is that of one commune of the paper's province on the day, of no district and no person."""
    if mention.guarded or mention.street or mention.organ or mention.name in vocabulary.HERO | vocabulary.GUARD:
        return False
    units = [unit for unit in map(scene.units.units.__getitem__, mention.keys) if unit.existed(scene.day)]
    here = [unit for unit in units if scene.paper is not None and scene.lies_in(unit, scene.paper)]
    plain = len(mention.name.split()) > 1 and not _like_a_person(mention)
    return plain and [unit.level for unit in here] == ["commune"] and _level(scene, mention) in (None, "commune")


def _of_paper_alone(scene: Scene, mention: Mention) -> bool:
    """Whether every unit so called lies in the paper's province."""
    paper = scene.paper
    return paper is not None and all(scene.lies_in(scene.units.units[key], paper) for key in mention.keys)


def _district_heir(scene: Scene, mention: Mention, commune: Unit) -> bool:
    """Whether a commune of today bears the name of a former district or township of its province."""
    former = (scene.units.units[key] for key in mention.keys)
    province = scene.units.units[scene.units.chain(commune.key)[0]]
    seats = (unit for unit in former if unit.era != "post" and (unit.level == "district" or unit.kind == "thị trấn"))
    return any(scene.lies_in(unit, province) for unit in seats)
