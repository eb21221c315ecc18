"""Words behind which a place stands, and words that join two places: "ở", "từ", "sang", "và", "lẫn"."""

from __future__ import annotations

from bot.insight.folding import fold, toned


class Words:
    """Words that are heard without marks too, and with no other marks than theirs: "tu" may be "từ", and "tự" is not."""

    def __init__(self, marked: str) -> None:
        self._toned = frozenset(map(toned, marked.split()))
        self._folded = frozenset(map(fold, marked.split()))

    def has(self, typed: str, folded: str) -> bool:
        """Whether a word is one of these, as it was typed and folded."""
        return folded in self._folded and (typed.lower() == folded or toned(typed) in self._toned)


AT = Words("ở ỏ ơ tại quê từ về in from at")
WITHIN = Words("ở ỏ ơ tại in at")  # hardly anything else without marks, as "tu" and "ve" are
JOINING = Words("và với lẫn hay hoặc cùng sang đến tới xuống lên qua and to")
REACHING = Words("lẫn sang đến tới xuống lên qua tận giữa cả về")
BELONGING = Words("người nhà quê gốc ở tại từ gần giáp cạnh dưới trên")
PEOPLE = Words("niên viên sinh con dân người nữ trẻ")  # ends of "thanh niên", "đoàn viên", "học sinh", "bà con"
FURTHEST = Words("tận")
INSISTING = Words("chứ nha nhé đó đấy ấy nè")
