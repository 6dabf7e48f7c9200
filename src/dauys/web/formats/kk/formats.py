"""Kazakh numbers, as in Kazakhstan's own texts: 12 345,6. Django has no formats for `kk`."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
