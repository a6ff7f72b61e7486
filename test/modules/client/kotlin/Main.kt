/** Calls the starter kit through its client in Kotlin; prints what it sees. Arguments: address, token. */
package kit

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

class Http(private val address: String, private val token: String) : ApiTransport {
  private val client = HttpClient.newHttpClient()

  override suspend fun send(request: ApiRequest): ApiResponse {
    val builder = HttpRequest.newBuilder(URI(address + request.target)).header("authorization", "Bearer " + token)
    request.headers.forEach { (name, value) -> builder.header(name, value) }
    val body = request.body
    if (body != null) builder.header("content-type", body.type)
    builder.method(request.method, if (body == null) BodyPublishers.noBody() else BodyPublishers.ofByteArray(body.bytes))
    val answer = client.send(builder.build(), BodyHandlers.ofByteArray())
    return ApiResponse(answer.statusCode(), answer.headers().firstValue("content-type").orElse(""), answer.body())
  }
}

suspend fun drive(api: ApiClient) {
  val words = "Printer \"on\" fire: \\ é 🖨\n\t"
  val opened = api.tickets.open(TicketsOpenInput(body = NewTicket(subject = "On fire", description = words)))
  val read = api.tickets.get(TicketsGetInput(id = opened.id))
  println(read == opened && read.description == words && read.assignee == null)
  println(read.createdAt.toEpochMilli() > 0)
  val page = api.tickets.list(TicketsListInput(search = "On fire", size = 1))
  println(page.items.map { it.subject }.toString() + " " + page.total.toInt())
  api.comments.add(CommentsAddInput(id = opened.id, body = NewComment(body = "Still.")))
  println(api.comments.list(CommentsListInput(id = opened.id)).items.map { it.body })
  try {
    api.tickets.get(TicketsGetInput(id = 999999.0))
  } catch (error: ApiException) {
    println(error.problem.code + " " + error.problem.status)
  }
  try {
    api.tickets.open(TicketsOpenInput(body = NewTicket(subject = "", description = "x")))
  } catch (error: ApiException) {
    println(error.problem.errors.map { it.pointer + " " + it.code })
  }
}

fun main(arguments: Array<String>) {
  val work: suspend () -> Unit = { drive(ApiClient(Http(arguments[0], arguments[1]))) }
  work.startCoroutine(Continuation(EmptyCoroutineContext) { it.getOrThrow() })
}
