"""What only Kazakhstan knows: numbers, certificates, GOST, NCALayer, eGov Mobile.

The machinery that this package fills in is generic (`identity/signature/`), and
import-linter keeps it from importing anything here.
"""
