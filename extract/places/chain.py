"""Chains and lists: which units the text sets around a mention."""

from __future__ import annotations

from extract.facts import Level
from extract.places.finding import Mention
from extract.places.scene import RANK, Scene
from extract.places.units import Unit

BESIDE = 6  # a list of addresses has hundreds of names
NEAR_CHARS = 400  # how far a district named before reaches


def root_of_list(mention: Mention) -> Mention | None:
    """The mention with a prefix at the head of the list in which a bare one stands."""
    root: Mention | None = mention
    while root is not None and root.prefix is None:
        root = root.listed
    return root


def bare_list(mention: Mention) -> list[Mention]:
    """A bare name and the `BESIDE` nearest on each side in its list; none where one of them has a prefix."""
    names, before, last = [mention], mention.listed, mention
    for _ in range(BESIDE):
        if before is not None:
            names.append(before)
            before = before.listed
        if last.next is not None and last.next.listed is last:
            last = last.next
            names.append(last)
    return [] if any(name.prefix for name in names) else names


def in_smaller_list(scene: Scene, mention: Mention) -> bool:
    """Whether a bare name goes on a list of smaller units: "các xã An Phú, Tân Hưng"."""
    root = root_of_list(mention)
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
    parents = {other.parent for other in others}
    return not holds and any(peer.parent in parents for peer in peers if peer.existed(scene.day))


def container(scene: Scene, mention: Mention, level: Level, follows: bool = False) -> Unit | None:
    """The unit in which a mention lies by the chain behind it, otherwise by what was named before it."""
    behind = units_behind(scene, mention, level)
    if behind:
        return behind[0]
    if follows:
        return None
    for before in reversed(scene.mentions[: scene.at[id(mention)]]):
        if (unit := scene.unit(before)) and RANK[unit.level] == RANK[level] - 1:
            return unit
    return scene.district_before(mention, NEAR_CHARS) or scene.paper


def units_behind(scene: Scene, mention: Mention, level: Level) -> list[Unit]:
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
