/**
 * Warnings for environment variables that would switch off a protection in Apollo's gateway. Here they do nothing: planning
 * runs in threads without the process's environment, with all limits on.
 */
export function ignoredEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('APOLLO_DISABLE_SECURITY_'))
    .sort()
    .map((name) => `${name} is set and has no effect: the planner's limits cannot be switched off`);
}
