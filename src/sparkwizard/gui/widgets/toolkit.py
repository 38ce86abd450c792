"""Everything that ``sparkwizard.gui.widgets`` offers, read from disk together."""

from sparkwizard.gui.widgets.announcing import announce
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
from sparkwizard.gui.widgets.entering.controls import CheckBox, RadioButton, Select
from sparkwizard.gui.widgets.entering.fields import (
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
from sparkwizard.gui.widgets.lists.diff import Change, DiffRows
from sparkwizard.gui.widgets.lists.layers import (
    ExpandingRow,
    LayerFix,
    LayerList,
    LayerRow,
    LayerState,
)
from sparkwizard.gui.widgets.lists.rows import Column, RowsModel
from sparkwizard.gui.widgets.lists.table import DataTable, TableCard
from sparkwizard.gui.widgets.rail import RailPlace, RailStep, SideRail, StepRail, StepState
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.gui.widgets.spinner import Spinner
from sparkwizard.gui.widgets.telling.progress import (
    Bar,
    BusyPanel,
    BusyState,
    ProgressCard,
    time_left,
)
from sparkwizard.gui.widgets.telling.strips import (
    Message,
    MessageKind,
    MessageStrip,
    PracticeBand,
    StripAction,
)
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
