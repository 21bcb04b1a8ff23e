/** web-ext brings no types; only what the test of the build uses. */
declare module "web-ext" {
  interface Finding {
    code: string;
    message: string;
    file?: string;
  }
  export const cmd: {
    lint(
      options: { sourceDir: string; artifactsDir: string; output: "none"; selfHosted: boolean },
      environment: { shouldExitProgram: false },
    ): Promise<{ errors: Finding[]; warnings: Finding[] }>;
  };
}
