import { synthesizeStack } from "./synthesized-stack";

test.each([
  ["set_profile_image", "SetProfileImage", ["failed", "skipped"]],
  ["create_thumbnail", "CreateThumbnail", ["done", "failed", "skipped"]],
])("the log of %s counts its photos, for each stage apart", (id, name, outcomes) => {
  const { resources } = synthesizeStack({ stage: "test" });
  const group = `\${aws_cloudwatch_log_group.${id}_log_group.name}`;
  const filters = resources("aws_cloudwatch_log_metric_filter").filter(
    ({ log_group_name }) => log_group_name === group,
  );
  expect(filters).toEqual(
    outcomes.map((outcome) => {
      const metric = `Photos${outcome[0]?.toUpperCase()}${outcome.slice(1)}`;
      return {
        name: `${metric}-${name}-test`,
        log_group_name: group,
        pattern: `{ $.message.outcome = "${outcome}" }`,
        metric_transformation: { name: metric, namespace: "ProfileImage-test", value: "1", unit: "Count" },
      };
    }),
  );
});
