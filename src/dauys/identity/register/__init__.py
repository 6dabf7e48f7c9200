"""The register of voters: from a file as organisers have it to who may vote where."""

from dauys.identity.register.importing import (
    ImportReport,
    Notice,
    RegisterCount,
    RegisterRules,
    import_register,
)
from dauys.identity.register.mapping import ColumnMapping, suggest_mapping
from dauys.identity.register.problems import Problem, problem_text, report_csv
from dauys.identity.register.table import Table, read_table
from dauys.identity.register.voters import (
    ChangedVoter,
    RegisterDiff,
    RegisterVoter,
    diff_registers,
    register_commitment,
)
from dauys.identity.register.weights import RareWeight, rare_weights

__all__ = [
    "ChangedVoter",
    "ColumnMapping",
    "ImportReport",
    "Notice",
    "Problem",
    "RareWeight",
    "RegisterCount",
    "RegisterDiff",
    "RegisterRules",
    "RegisterVoter",
    "Table",
    "diff_registers",
    "import_register",
    "problem_text",
    "rare_weights",
    "read_table",
    "register_commitment",
    "report_csv",
    "suggest_mapping",
]
