/** How a person gets in: the link comes from whoever runs the server. */
export function SignInHint({ first }: { first: string }) {
  return (
    <>
      <p>{first}</p>
      <p>A sign-in link is made on the machine that runs Quietwatch:</p>
      <p>
        <code>npm run -s cli -- sign-in-link</code>
      </p>
      <p class="muted">Open the link it prints. It works once, for 15 minutes.</p>
    </>
  );
}
