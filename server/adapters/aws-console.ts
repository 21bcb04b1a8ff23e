const region = /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/;

function consoleHost(name: string): string {
  if (name.startsWith("cn-")) return `${name}.console.amazonaws.cn`;
  if (name.startsWith("us-gov-")) return `${name}.console.amazonaws-us-gov.com`;
  return `${name}.console.aws.amazon.com`;
}

/** Address in the AWS console of what has this id; undefined without a real region, since that names the host. */
export function awsConsole(
  regionName: string | undefined,
  service: string,
  page: string,
  id: string,
): string | undefined {
  if (!regionName || !region.test(regionName)) return undefined;
  return `https://${consoleHost(regionName)}/${service}/home?region=${regionName}#/${page}${encodeURIComponent(id.toWellFormed())}`;
}
