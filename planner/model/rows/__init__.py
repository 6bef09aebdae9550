"""The families of rows, one module each; a new family is a module and a line here."""

from planner.model.rows import allocation, demand, power, supply, vendor_share

ROW_FAMILIES = {
    "demand": demand,
    "allocation": allocation,
    "supply": supply,
    "power": power,
    "vendor_share": vendor_share,
}
"""Modules by the family's name, in the order in which rows stand in the linear program."""
