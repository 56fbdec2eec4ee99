"""Run the notebooks: every county its stages in order, counties side by side.

Nothing is imported here: papermill loads the engine in `kernels` whenever it is
itself imported, and that must cost nothing.
"""
