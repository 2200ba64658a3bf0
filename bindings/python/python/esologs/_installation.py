"""Two packages have the import name ``esologs``; installed over each other, their files are a mixture of both."""

from __future__ import annotations

from pathlib import Path

#: Modules of the other package that this one does not have.
_OF_THE_OTHER = ("_generated/generated_client.py", "_generated/input_types.py")


def check(init_file: str) -> None:
    """Raises ``ImportError``, with the way out, where the other package's files lie among ours."""
    folder = Path(init_file).parent
    strange = [name for name in _OF_THE_OTHER if (folder / name).exists()]
    if strange:
        raise ImportError(
            f"the packages esologs and esologs-python are installed over each other in {folder} ({strange[0]} is the other's). "
            "Uninstall both, then install one: pip uninstall -y esologs esologs-python && pip install esologs"
        )
