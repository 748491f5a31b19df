"""From what somebody sends to rows of the table `readings`: rules, spool, delivery."""
