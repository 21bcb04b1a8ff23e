/** The same alerts in Alertmanager's form and in ours, cut into request bodies of `batch` alerts. */
export function alertBodies(identities: number, batch: number) {
  const numbers = Array.from({ length: Math.max(identities, batch * 16) }, (_, i) => i % identities);
  const batches = Array.from({ length: Math.ceil(numbers.length / batch) }, (_, i) =>
    numbers.slice(i * batch, (i + 1) * batch),
  );
  const bodiesOf = (alertOf: (number: number) => object) =>
    batches.map((batched) => JSON.stringify(batched.map(alertOf)));
  return { alertmanager: bodiesOf(alertmanagerAlert), canonical: bodiesOf(canonicalAlert) };
}

function alertmanagerAlert(number: number): object {
  return {
    labels: {
      alertname: `Rule${number % 40}`,
      instance: `web-${number}.shop.example.com`,
      severity: "warning",
      env: "production",
      service: "shop",
    },
    annotations: {
      summary: `Checkout answers slowly on web-${number}`,
      description: "p99 over 2 s for 5 minutes",
    },
  };
}

function canonicalAlert(number: number): object {
  return {
    source: "prometheus",
    rule: `Rule${number % 40}`,
    title: `Checkout answers slowly on web-${number}`,
    severity: "medium",
    environment: "production",
    service: "shop",
    entities: [{ type: "host", value: `web-${number}.shop.example.com`, role: "target" }],
    description: "p99 over 2 s for 5 minutes",
  };
}
