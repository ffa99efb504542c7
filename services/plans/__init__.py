"""Annual plans (年度协商计划): drawn up, submitted, approved by a named body; key topics need one to be scheduled."""
