import { Controller, Get, Public, Returns } from 'tenon'
import { Expose } from 'tenon/validation'

class Welcome {
  @Expose() readonly name!: string
  @Expose() readonly signUp!: string
  @Expose() readonly login!: string
  @Expose() readonly tickets!: string
}

@Controller()
export class WelcomeController {
  @Get('/')
  @Public('Tells strangers where to begin.')
  @Returns(Welcome)
  welcome(): Welcome {
    return {
      name: 'Service desk',
      signUp: 'POST /api/auth/sign-up',
      login: 'POST /api/auth/login',
      tickets: 'GET /api/tickets',
    }
  }
}
