"""The toolkit of the window. Everything here is painted from ``Theme.current()``.

Text      ``Label(text, role=, tone=)`` one line; ``WrapLabel`` many lines, never clipped;
          ``ElidedLabel``; ``TitleLabel``; ``SectionLabel``; ``MonoLabel``; ``TermLabel(term,
          meaning)``; ``Chip(text, value=)``; ``IconLabel``; ``IconText(icon, text, tone=)``
Press     ``PrimaryButton``, ``SecondaryButton``, ``QuietButton`` (text, ``icon_name=``,
          ``on_click=``); ``IconButton(icon, words)``; ``CopyButton(value, what=)``;
          ``LinkButton(text, url)`` or ``LinkButton(text, on_click=)``
Enter     ``SecretField``, ``SearchField`` (``searched``), ``CopyField``, ``Toggle``,
          ``NumberOrPercentField``, ``CheckBox``, ``RadioButton``, ``Select``
Choose    ``StatTile`` in a ``TileRow`` (``chosen``); ``ChoiceCard`` in a ``ChoiceGroup``
Group     ``Card`` (``body``), ``Section`` (``body``), ``KeyValueRows``, ``HLine``, ``Columns``
          (stack when tight), ``FoldingPanel`` (side panel that folds away), ``EmptyState``
Tell      ``MessageStrip`` shows a ``Message(MessageKind, heading, text, actions)``;
          ``PracticeBand``; ``announce(widget, text)`` for screen readers
Progress  ``ProgressCard``, ``BusyState``, ``BusyPanel``, ``Bar``, ``Spinner``
Lists     ``DataTable(RowsModel([Column(...)], rows), name=)`` in a ``TableCard``;
          ``LayerList`` of ``LayerRow``; ``DiffRows`` of ``Change``; ``ScrollColumn`` (``column``)
Rails     ``StepRail`` of ``RailStep``; ``SideRail`` of ``RailPlace``

Text from a directory is plain text everywhere: labels never take rich text, and tooltips go
through ``theme.tooltip_text``.

What stands here is read from disk at the first use of any of it: the window that is painted first
needs four of these modules.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sparkwizard.gui.widgets.toolkit import *  # noqa: F403  what __getattr__ finds


def __getattr__(name: str) -> object:
    toolkit = importlib.import_module("sparkwizard.gui.widgets.toolkit")
    try:
        return getattr(toolkit, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
