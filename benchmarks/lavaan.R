# Time one task in lavaan: Rscript lavaan.R TASK MODEL.txt DATA.csv REPEATS SECONDS OUT.csv
# Loading the package, reading the data and a warm-up on a small model do not count. Repeats stop after SECONDS.
suppressPackageStartupMessages(library(lavaan))

words <- commandArgs(trailingOnly = TRUE)
task <- words[1]
model <- readLines(words[2])
data <- read.csv(words[3])
repeats <- as.integer(words[4])
budget <- as.numeric(words[5])
out <- words[6]

items <- setdiff(names(data), "group")
options_of <- list(
  ml = list(),
  mlr = list(estimator = "MLR"),
  fiml = list(missing = "fiml"),
  fiml_mlr = list(missing = "fiml", estimator = "MLR"),
  wlsmv = list(estimator = "WLSMV", ordered = items),
  modification = list(),
  groups = list(group = "group", group.equal = c("loadings", "intercepts")),
  bootstrap = list()
)
chosen <- options_of[[task]]
if (is.null(chosen)) stop("no task ", task)
replicates <- 5

now <- function() as.numeric(Sys.time())
# the data go in by name: a call that holds them by value would be copied and deparsed along the way
fitted <- function(model, data, more) {
  eval(as.call(c(quote(sem), quote(model), list(data = quote(data)), more)))
}

# One run of a task: the seconds of what is timed, and the fit it ends with
once <- function(model, data, more) {
  if (task %in% c("modification", "bootstrap")) fit <- fitted(model, data, more)
  start <- now()
  if (task == "modification") {
    indices <- modindices(fit)
  } else if (task == "bootstrap") {
    draws <- bootstrapLavaan(fit, R = replicates, FUN = "coef")
  } else {
    fit <- fitted(model, data, more)
    measures <- fitMeasures(fit)
    estimates <- parameterEstimates(fit)
  }
  seconds <- now() - start
  if (task == "bootstrap") seconds <- seconds / replicates
  list(seconds = seconds, fit = fit)
}

warm <- function() {
  small <- "visual =~ x1 + x2 + x3"
  hs <- HolzingerSwineford1939
  hs$group <- hs$school
  x <- paste0("x", 1:4)
  if (task == "wlsmv") hs[x] <- lapply(hs[x], function(v) as.integer(cut(v, 3)))
  more <- chosen
  if (task == "wlsmv") more$ordered <- x
  suppressWarnings(once(paste(small, "+ x4"), hs[c(x, "group")], more))
}
invisible(warm())

set.seed(1)
seconds <- c()
optimising <- c()
fitting <- c()
repeat {
  one <- suppressWarnings(once(model, data, chosen))
  seconds <- c(seconds, one$seconds)
  optimising <- c(optimising, one$fit@timing$optim)
  fitting <- c(fitting, one$fit@timing$total)
  if (length(seconds) >= repeats || sum(seconds) > budget) break
}
tests <- one$fit@test
scaled <- if (length(tests) > 1) tests[[2]]$stat else NaN
figures <- c(tests[[1]]$stat, scaled, tests[[1]]$df, fitMeasures(one$fit, "npar"))
write.csv(
  data.frame(
    quantity = c(rep("seconds", length(seconds)), rep("optimising", length(optimising)), rep("fitting", length(fitting)),
                 "chi_square", "chi_square_scaled", "df", "n_free"),
    value = sprintf("%.17g", c(seconds, optimising, fitting, figures))
  ),
  out, row.names = FALSE
)
