"""Prints what parliament finds in each policy of a plan (`terraform show -json`), as JSON."""

import json
import sys

from parliament import analyze_policy_string

findings = []
judged = []
with open(sys.argv[1], encoding="utf8") as file:
    resources = json.load(file)["planned_values"]["root_module"]["resources"]
for resource in resources:
    for argument in ("policy", "assume_role_policy"):
        policy = resource["values"].get(argument)
        if not isinstance(policy, str) or policy == "":
            continue
        judged.append(resource["address"])
        for finding in analyze_policy_string(policy, include_community_auditors=True).findings:
            findings.append({"address": resource["address"], "rule": finding.issue, "detail": finding.detail})
print(json.dumps({"judged": judged, "findings": findings}))
