"""Warm kernels: Jupyter kernels forked from a process that has the libraries loaded already.

`provisioner` is what Jupyter calls, `warm` talks to the nursery, and `nursery` is that process.
"""
