"""The generators behind tools/contract.py: one module for each thing made from contract/."""
