# Implied correlations and distances of models whose parameters are fixed at estimates.csv.
# Rscript generate.R, in this folder; lavaan.
library(lavaan)
options(digits = 17)
data <- read.csv("../holzinger/data.csv")
est <- read.csv("estimates.csv")
items <- paste0("x", 1:9)
S <- cor(data[, items])
value <- function(lhs, op, rhs = "") est$est[est$lhs == lhs & est$op == op & est$rhs == rhs]
blocks <- list(visual = items[1:3], reading = items[4:5], words = items[6], counting = items[8:9], speed = items[7])
num <- function(x) sprintf("%.17g", x)
measured <- unlist(lapply(names(blocks), function(f) {
  loading <- sapply(blocks[[f]], function(x) value(f, "=~", x))
  c(sprintf("%s =~ %s*%s", f, num(loading), blocks[[f]]),
    sprintf("%s ~~ %s*%s", blocks[[f]], num(1 - loading^2), blocks[[f]]))
}))
pairs <- est[est$op == "~~", ]
arrows <- est[est$op == "~", ]
# the error of counting: what its causes, correlated as implied, leave of 1
a <- value("counting", "~", "reading")
b <- value("counting", "~", "words")
between <- value("reading", "~", "visual") * value("words", "~", "visual")
errors <- function(counting) sprintf("%s ~~ %s*%s", names(blocks),
  num(c(1, 1 - value("reading", "r2"), 1 - value("words", "r2"), counting, 1 - value("speed", "r2"))), names(blocks))
paths <- sprintf("%s ~ %s*%s", arrows$lhs, num(arrows$est), arrows$rhs)
texts <- list(
  saturated = c(sprintf("%s ~~ 1*%s", names(blocks), names(blocks)),
                sprintf("%s ~~ %s*%s", pairs$lhs, num(pairs$est), pairs$rhs)),
  estimated = c(paths, errors(1 - value("counting", "r2"))),
  exact = c(paths, errors(1 - (a^2 + b^2 + 2 * a * b * between))))
found <- NULL
for (model in names(texts)) {
  fit <- lavaan(paste(c(measured, texts[[model]]), collapse = "\n"), sample.cov = S, sample.nobs = nrow(data),
                sample.cov.rescale = FALSE, optim.method = "none", baseline = FALSE)
  Sigma <- unclass(fitted(fit)$cov)[items, items]
  # the variance lavaan implies for a construct is not 1 here; ADANCO keeps the products of the loadings
  if (model == "estimated") for (f in names(blocks)) {
    loading <- sapply(blocks[[f]], function(x) value(f, "=~", x))
    Sigma[blocks[[f]], blocks[[f]]] <- loading %o% loading
  }
  if (model == "estimated") diag(Sigma) <- 1
  write.csv(Sigma, paste0("implied_", model, ".csv"))
  low <- lower.tri(S)
  logs <- log(Re(eigen(solve(S) %*% Sigma)$values))
  # lavaan takes no matrix of its own: only models whose matrix was not replaced
  lav <- if (model == "estimated") c(NA, NA) else as.numeric(lavaan:::lav_fit_srmr_lavobject(fit, c("srmr_bentler", "crmr")))
  found <- rbind(found, data.frame(model = model,
    index = c("srmr", "srmr_lavaan", "crmr_lavaan", "srmr_without_diagonal", "d_uls", "d_g", "d_g_base_10"),
    value = c(sqrt(sum((S - Sigma)[lower.tri(S, TRUE)]^2) / sum(lower.tri(S, TRUE))), lav,
              sqrt(mean((S - Sigma)[low]^2)), sum((S - Sigma)^2) / 2, sum(logs^2) / 2,
              sum((logs / log(10))^2) / 2)))
}
write.csv(found, "distances.csv", row.names = FALSE)
print(found)
print(R.version.string); print(packageVersion("lavaan"))
