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
"""

from sparkwizard.gui.widgets.announce import announce
from sparkwizard.gui.widgets.buttons import (
    CopyButton,
    IconButton,
    LinkButton,
    PrimaryButton,
    QuietButton,
    SecondaryButton,
)
from sparkwizard.gui.widgets.cards import (
    Card,
    EmptyState,
    HLine,
    KeyValueRows,
    Section,
    clear_layout,
)
from sparkwizard.gui.widgets.columns import Columns, FoldingPanel
from sparkwizard.gui.widgets.controls import CheckBox, RadioButton, Select
from sparkwizard.gui.widgets.diff import Change, DiffRows
from sparkwizard.gui.widgets.fields import (
    CopyField,
    NumberOrPercentField,
    SearchField,
    SecretField,
    Toggle,
)
from sparkwizard.gui.widgets.labels import (
    Chip,
    ElidedLabel,
    IconLabel,
    IconText,
    Label,
    MonoLabel,
    SectionLabel,
    TermLabel,
    TitleLabel,
    WrapLabel,
)
from sparkwizard.gui.widgets.layers import (
    ExpandingRow,
    LayerFix,
    LayerList,
    LayerRow,
    LayerState,
)
from sparkwizard.gui.widgets.progress import (
    Bar,
    BusyPanel,
    BusyState,
    ProgressCard,
    Spinner,
    time_left,
)
from sparkwizard.gui.widgets.rail import RailPlace, RailStep, SideRail, StepRail, StepState
from sparkwizard.gui.widgets.rows import Column, RowsModel
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.gui.widgets.strips import (
    Message,
    MessageKind,
    MessageStrip,
    PracticeBand,
    StripAction,
)
from sparkwizard.gui.widgets.table import DataTable, TableCard
from sparkwizard.gui.widgets.tiles import ChoiceCard, ChoiceGroup, StatTile, TileRow

__all__ = [
    "Bar",
    "BusyPanel",
    "BusyState",
    "Card",
    "Change",
    "CheckBox",
    "Chip",
    "ChoiceCard",
    "ChoiceGroup",
    "Column",
    "Columns",
    "CopyButton",
    "CopyField",
    "DataTable",
    "DiffRows",
    "ElidedLabel",
    "EmptyState",
    "ExpandingRow",
    "FoldingPanel",
    "HLine",
    "IconButton",
    "IconLabel",
    "IconText",
    "KeyValueRows",
    "Label",
    "LayerFix",
    "LayerList",
    "LayerRow",
    "LayerState",
    "LinkButton",
    "Message",
    "MessageKind",
    "MessageStrip",
    "MonoLabel",
    "NumberOrPercentField",
    "PracticeBand",
    "PrimaryButton",
    "ProgressCard",
    "QuietButton",
    "RadioButton",
    "RailPlace",
    "RailStep",
    "RowsModel",
    "ScrollColumn",
    "SearchField",
    "SecondaryButton",
    "SecretField",
    "Section",
    "SectionLabel",
    "Select",
    "SideRail",
    "Spinner",
    "StatTile",
    "StepRail",
    "StepState",
    "StripAction",
    "TableCard",
    "TermLabel",
    "TileRow",
    "TitleLabel",
    "Toggle",
    "WrapLabel",
    "announce",
    "clear_layout",
    "time_left",
]
