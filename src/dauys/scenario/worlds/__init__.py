"""Worlds to try the monitor on: honest electorates and attacks, as signals and nothing else.

`settings` draws what a world is like; `register`, `rhythm`, `places` and `honest` make its
electorate; `attacks` its thieves; `events` plays both against each other; `table` prints signals
and, apart from them, the truth. Everything is drawn from one seed.
"""
