/** The innermost layer of the per-call state scenario; who passes the tenant to it differs. */
export async function projectsOf(tenant) {
  return [1, 2, 3].map((id) => ({ id, name: `${tenant} project ${id}` }))
}
