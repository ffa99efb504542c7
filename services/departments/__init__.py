"""Departments (责任单位): the agencies that topics involve, and their channels on the broker."""
