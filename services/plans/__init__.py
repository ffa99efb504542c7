"""Annual plans (年度协商计划): drawn up, submitted, approved by a named body; what a key topic needs to be scheduled."""
