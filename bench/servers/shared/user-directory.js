/** The injected service of the parameter scenario. */
export class UserDirectory {
  find(org, id) {
    return { org, id, name: `User ${id}`, email: `user${id}@${org}.example.com` }
  }
}
