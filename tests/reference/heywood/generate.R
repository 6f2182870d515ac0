# Makes data.csv too: the first seed whose maximum-likelihood residual variance of x1 is clearly negative.
# Run inside this folder: Rscript generate.R
source("../write.R")
model <- "f =~ x1 + x2 + x3 + x4"
draw <- function(seed, n = 120) {
  set.seed(seed)
  f <- rnorm(n)
  item <- function(loading, sd) loading * f + sd * rnorm(n)
  round(data.frame(x1 = item(1, .15), x2 = item(.45, .9), x3 = item(.4, .9), x4 = item(.4, .9)), 3)
}
negative <- function(seed) {
  fit <- suppressWarnings(sem(model, draw(seed)))
  lavInspect(fit, "converged") && lavInspect(fit, "est")$theta["x1", "x1"] < -.1
}
seed <- Find(negative, 1:200)
write.csv(draw(seed), "data.csv", row.names = FALSE)
write_fit(model, read.csv("data.csv"))
