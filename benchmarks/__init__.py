"""How fast Brigade is: measured, printed and kept in ``results/``, never asserted.

Times depend on the machine and on what else it does: compare two versions in the same hour.
"""
