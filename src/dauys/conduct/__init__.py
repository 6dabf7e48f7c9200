"""The conduct of an election: what people do in it, each deed across several stages.

Web, command line and simulation all call these services; `wiring.py` builds them. Here
stages meet; storage and the network do not appear.
"""
