"""What no member's duty may show, as questions that find offenders."""

OFFENDING_DUTY = {
    "assessment whose points are not its records'": """
        SELECT a.id FROM duty_assessment a LEFT JOIN duty_record r ON r.assessment_id = a.id
        GROUP BY a.id, a.points HAVING a.points <> coalesce(sum(r.points), 0)""",
    "record of duty without an act of the member in the year": """
        SELECT r.id FROM duty_record r JOIN duty_assessment a ON a.id = r.assessment_id
        WHERE extract(year FROM r.acted_on) <> a.year OR r.member_id <> a.member_id OR NOT CASE r.act
            WHEN 'ATTENDED' THEN EXISTS (SELECT FROM session s JOIN attendance p ON p.session_id = s.id
                WHERE s.id = r.session_id AND p.member_id = a.member_id
                AND (s.held_at AT TIME ZONE 'Asia/Shanghai')::date = r.acted_on)
            WHEN 'OPINION' THEN EXISTS (SELECT FROM opinion o WHERE o.id = r.opinion_id AND o.member_id = a.member_id
                AND (o.at AT TIME ZONE 'Asia/Shanghai')::date = r.acted_on)
            WHEN 'ACTIVITY' THEN EXISTS (SELECT FROM activity_member p JOIN activity y ON y.id = p.activity_id
                WHERE y.id = r.activity_id AND p.member_id = a.member_id AND y.held_on = r.acted_on)
            ELSE EXISTS (SELECT FROM conversion c LEFT JOIN opinion o ON o.id = c.opinion_id
                WHERE c.id = r.conversion_id AND c.submitted_on = r.acted_on
                AND (c.author_id = a.member_id OR (o.member_id = a.member_id AND r.act = 'OPINION_CONVERTED'))
                AND (r.act = 'OPINION_CONVERTED' OR (c.kind = 'PROPOSAL' AND c.filed))) END""",
}
